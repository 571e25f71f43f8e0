import type { CardText } from '../../pipelines/contracts/card-texts.ts';
import type { Judgement } from '../../pipelines/contracts/judgement.ts';
import type { ModelManifest } from '../../pipelines/contracts/model-manifest.ts';
import { plainLine } from '../escape-markdown.ts';
import { metricTitle } from '../metric-title.ts';

/**
 * The metadata header that Hugging Face reads (its model card specification). Texts are JSON strings, which are YAML too and
 * cannot be broken out of. `verified` is left out: there it says that Hugging Face itself measured.
 */
export function cardMetadata(
  manifest: ModelManifest,
  { evaluated }: Judgement,
  text: CardText | null,
  address: string | null,
): string {
  const task = taskNames[manifest.task] ?? 'other';
  const metrics = evaluated.headEvaluation?.metrics ?? [];
  const tags = [...new Set(['onnx', 'tabular', 'pulltrain', ...(text?.tags ?? [])])];
  return [
    '---',
    ...(text?.licence === undefined ? [] : [`license: ${quote(text.licence)}`]),
    'library_name: onnx',
    ...(task === 'other' ? [] : [`pipeline_tag: ${task}`]),
    `tags: [${tags.map(quote).join(', ')}]`,
    ...(metrics.length === 0 ? [] : [`metrics: [${metrics.map(({ name }) => quote(name)).join(', ')}]`]),
    ...(metrics.length === 0 ? [] : modelIndex(manifest, metrics, task, address)),
    '---',
    '',
  ].join('\n');
}

type Metrics = NonNullable<Judgement['evaluated']['headEvaluation']>['metrics'];

function modelIndex(
  { model, holdout, pull }: ModelManifest,
  metrics: Metrics,
  task: string,
  address: string | null,
): string[] {
  return [
    'model-index:',
    `  - name: ${quote(model)}`,
    '    results:',
    '      - task:',
    `          type: ${task}`,
    '        dataset:',
    `          type: ${quote(holdout.data)}`,
    `          name: ${quote(holdout.rule)}`,
    `          revision: ${quote(holdout.dataIntegrity)}`,
    '        metrics:',
    ...metrics.flatMap(({ name, value }) => [
      `          - type: ${quote(name)}`,
      `            name: ${quote(`${metricTitle(name)}, verified by Pulltrain`)}`,
      `            value: ${yamlNumber(value)}`,
    ]),
    ...(address === null
      ? []
      : [
          '        source:',
          `          name: ${quote(`Judgement in pull request ${pull}`)}`,
          `          url: ${quote(`${address}/pull/${pull}`)}`,
        ]),
  ];
}

const taskNames: Readonly<Record<string, string>> = {
  binary: 'tabular-classification',
  multiclass: 'tabular-classification',
  multilabel: 'tabular-classification',
  regression: 'tabular-regression',
};

function quote(text: string): string {
  return JSON.stringify(plainLine(text, 1000));
}

/** YAML 1.1, which most readers of cards speak, takes `1e-7` for a text: a number has a point. */
function yamlNumber(value: number): string {
  const text = String(value);
  return /e/.test(text) && !text.includes('.') ? text.replace('e', '.0e') : text;
}
