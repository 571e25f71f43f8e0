import { markdownTable } from 'markdown-table';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import type { ModelManifest } from '../pipelines/contracts/model-manifest.ts';
import { codeSpan } from './code-span.ts';
import { gatesToExplain } from './describe-verdict.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { findWorsened } from './find-worsened.ts';
import { formatCount, formatNumber } from './format-number.ts';
import { groupsTable } from './groups-section.ts';
import { metricTitle } from './metric-title.ts';
import { verdictHeading } from './render-report.ts';

/**
 * The model card of a release: the sections of Mitchell et al. 2019 under the metadata header that Hugging Face reads.
 * What only people know (intended use, ethics) is said to be unstated instead of being made up.
 */
export function renderCard(manifest: ModelManifest, judgement: Judgement): string {
  const title = `${manifest.model} ${manifest.release}`;
  const sections: [string, string][] = [
    ['Model details', modelDetails(manifest, judgement)],
    [
      'Intended use',
      'Not stated by the repository. The model was judged for the task and rows below and for nothing else.',
    ],
    ['Factors', factors(judgement)],
    ['Metrics', metrics(judgement)],
    ['Evaluation data', evaluationData(manifest)],
    ['Training data', trainingData(manifest)],
    ['Quantitative analyses', analyses(judgement)],
    [
      'Ethical considerations',
      'Not stated by the repository. Differences between groups are shown above where columns are declared protected.',
    ],
    ['Caveats and recommendations', caveats(manifest, judgement)],
  ];
  const body = sections.map(([heading, text]) => `## ${heading}\n\n${text}`).join('\n\n');
  return `${metadata(manifest, judgement)}\n# ${escapeMarkdown(title)}\n\n${lead(manifest, judgement)}\n\n${body}\n`;
}

/** What a reader wants to know first: how good it was found to be, on what, beside what. */
function lead({ holdout, pull }: ModelManifest, judgement: Judgement): string {
  const { base } = judgement.evaluated;
  const beside = base.tag === null ? '' : `, beside ${codeSpan(base.tag)} as base`;
  return `${verdictHeading(judgement)}. Judged in pull request ${pull} on ${formatCount(holdout.rows)} rows of the holdout${beside}.`;
}

/** YAML by way of JSON strings, which are YAML too and cannot be broken out of. */
function metadata(manifest: ModelManifest, { evaluated }: Judgement): string {
  const task = manifest.task === 'regression' ? 'tabular-regression' : 'tabular-classification';
  const text = JSON.stringify;
  const results = (evaluated.headEvaluation?.metrics ?? []).flatMap(({ name, value }) => [
    `          - type: ${text(name)}`,
    `            name: ${text(metricTitle(name))}`,
    `            value: ${value}`,
    '            verified: true',
  ]);
  return [
    '---',
    'library_name: onnx',
    `pipeline_tag: ${task}`,
    'tags: [onnx, tabular, pulltrain]',
    ...(results.length === 0
      ? []
      : [
          'model-index:',
          `  - name: ${text(manifest.model)}`,
          '    results:',
          '      - task:',
          `          type: ${task}`,
          '        dataset:',
          `          type: ${text(manifest.holdout.data)}`,
          `          name: ${text(manifest.holdout.rule)}`,
          `          revision: ${text(manifest.holdout.dataIntegrity)}`,
          '        metrics:',
          ...results,
        ]),
    '---',
    '',
  ].join('\n');
}

function modelDetails(manifest: ModelManifest, { evaluated }: Judgement): string {
  const file = manifest.files.find(({ role }) => role === 'model');
  return [
    `- Release ${codeSpan(manifest.tag)} of ${codeSpan(manifest.publishedAt.slice(0, 10))}, from pull request ${manifest.pull} at commit ${codeSpan(manifest.commit)}`,
    `- Task: ${manifest.task}${manifest.threshold === null ? '' : `, positive from a score of ${manifest.threshold}`}`,
    ...(file === undefined
      ? []
      : [`- File: ${codeSpan(file.name)}, ${formatCount(file.size)} bytes, sha256 ${codeSpan(file.sha256)}`]),
    `- Inputs: ${manifest.inputs.map(({ name, type }) => `${codeSpan(name)} (${escapeMarkdown(type)})`).join(', ')}`,
    `- Run key: ${codeSpan(manifest.key)}`,
    `- Lineage: ${manifest.lineage}`,
    `- Proposed by: ${escapeMarkdown(evaluated.change.author)}`,
  ].join('\n');
}

function factors({ evaluated }: Judgement): string {
  const columns = [...new Set((evaluated.headEvaluation?.groups ?? []).map(({ by }) => by))];
  return columns.length === 0
    ? 'No columns are declared protected or sliced.'
    : `Results are split by ${columns.map((by) => escapeMarkdown(by)).join(', ')}.`;
}

function metrics({ evaluated }: Judgement): string {
  const rows = (evaluated.headEvaluation?.metrics ?? []).map(({ name, value, interval, n }) => [
    metricTitle(name),
    formatNumber(value),
    interval === null ? '–' : `${formatNumber(interval.low)} to ${formatNumber(interval.high)}`,
    formatCount(n),
  ]);
  const table = markdownTable([['Metric', 'Value', '95 % interval', 'Rows'], ...rows], {
    align: ['l', 'r', 'l', 'r'],
    alignDelimiters: false,
  });
  return `Measured by Pulltrain on the holdout, not by the training program.\n\n${table}`;
}

function evaluationData({ holdout }: ModelManifest): string {
  const days = holdout.from === null || holdout.to === null ? '' : `, ${holdout.from} to ${holdout.to}`;
  return `${codeSpan(holdout.data)}: ${escapeMarkdown(holdout.rule)}${days}, ${formatCount(holdout.rows)} rows.\n\n- Bytes of the file: ${codeSpan(holdout.dataIntegrity)}\n- Choice of its rows: ${codeSpan(holdout.integrity)}`;
}

function trainingData({ sources, features = [] }: ModelManifest): string {
  const data = sources.filter(({ origin }) => origin !== 'git');
  const files = data.length === 0 ? 'No data pointers went into the run.' : data.map(describeSource).join('\n');
  return [files, ...features.map(pinnedFeatures)].join('\n\n');
}

function describeSource({ path, integrity, source, licence, madeBy }: ModelManifest['sources'][number]): string {
  const origin = [
    source === undefined ? undefined : `from ${escapeMarkdown(source)}`,
    licence === undefined ? undefined : `licence ${escapeMarkdown(licence)}`,
    madeBy === undefined ? undefined : `made by stage ${codeSpan(madeBy.stage)} of run ${codeSpan(madeBy.run)}`,
  ].filter((part) => part !== undefined);
  return `- ${codeSpan(path)}: ${codeSpan(integrity)}${origin.length === 0 ? '' : ` (${origin.join('; ')})`}`;
}

function pinnedFeatures({ service, views }: NonNullable<ModelManifest['features']>[number]): string {
  const lines = views.map(
    ({ view, version }) =>
      `- ${codeSpan(view)}: ${version === null ? 'made by a stage, so git does not tell its version' : codeSpan(version)}`,
  );
  return [`Features ${codeSpan(service)}, joined as they were known at the time of each row:`, '', ...lines].join('\n');
}

function analyses({ evaluated, comparison }: Judgement): string {
  const groups = evaluated.headEvaluation?.groups ?? [];
  return groups.length === 0 ? 'No groups were compared.' : groupsTable(groups, 200, comparison);
}

function caveats(manifest: ModelManifest, judgement: Judgement): string {
  const { verdict } = judgement;
  const worsened = findWorsened(judgement).map(
    ({ name, movement }) => `- Worse than its base, within what was allowed: ${escapeMarkdown(name)} ${movement}`,
  );
  const explained = gatesToExplain(verdict.gates).map(
    ({ gate, status, message }) => `- ${escapeMarkdown(gate)}: ${status}, ${escapeMarkdown(message, 500)}`,
  );
  return [
    `- Verdict at its judgement: ${verdict.status}`,
    ...explained,
    ...worsened,
    ...(manifest.lineage === 'reported'
      ? ['- How the file was made is reported by the training job and has not been reproduced.']
      : []),
  ].join('\n');
}
