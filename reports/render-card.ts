import { markdownTable } from 'markdown-table';
import type { CardText } from '../pipelines/contracts/card-texts.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import type { ModelManifest } from '../pipelines/contracts/model-manifest.ts';
import { cardMetadata } from './card/card-metadata.ts';
import { quantitativeAnalyses } from './card/card-results.ts';
import { ownText } from './card/own-text.ts';
import { codeSpan } from './code-span.ts';
import { gatesToExplain } from './describe-verdict.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { findWorsened } from './find-worsened.ts';
import { formatCount, formatNumber } from './format-number.ts';
import { metricTitle } from './metric-title.ts';
import { verdictHeading } from './render-report.ts';

/** What people wrote, and the address of the repository; both may be missing. */
export type CardExtras = { text?: CardText | null; address?: string | null };

/**
 * The model card of a release: the sections of Mitchell et al. 2019 ("Model Cards for Model Reporting") under the metadata
 * header that Hugging Face reads. Numbers come from the documents. What only people know comes from `model-card.yml`, and
 * what nobody wrote there is said to be missing instead of being made up.
 */
export function renderCard(
  manifest: ModelManifest,
  judgement: Judgement,
  { text = null, address = null }: CardExtras = {},
): string {
  const title = `${manifest.model} ${manifest.release}`;
  const own = (key: TextKey) => {
    const written = text?.[key];
    return written === undefined ? undefined : ownText(written);
  };
  const sections: [string, string][] = [
    ['Model details', joined(own('summary'), modelDetails(manifest, judgement, text))],
    ['Intended use', intendedUse(text)],
    ['Factors', joined(factors(judgement), own('factors'))],
    ['Metrics', joined(own('metrics'), metrics(judgement))],
    ['Evaluation data', joined(evaluationData(manifest), own('evaluation_data'))],
    ['Training data', joined(trainingData(manifest), own('training_data'))],
    ['Quantitative analyses', quantitativeAnalyses(judgement)],
    ['Ethical considerations', own('ethical_considerations') ?? missing('ethical_considerations')],
    ['Caveats and recommendations', joined(own('caveats'), caveats(manifest, judgement, text))],
  ];
  const body = sections.map(([heading, content]) => `## ${heading}\n\n${content}`).join('\n\n');
  return `${cardMetadata(manifest, judgement, text, address)}\n# ${escapeMarkdown(title)}\n\n${lead(manifest, judgement)}\n\n${body}\n`;
}

type TextKey =
  | 'summary'
  | 'factors'
  | 'metrics'
  | 'evaluation_data'
  | 'training_data'
  | 'ethical_considerations'
  | 'caveats';

/** What is measured and what people say of it, in the order given; what nobody said is left out. */
function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('\n\n');
}

function missing(key: keyof CardText): string {
  return `_Not stated: nobody has written ${codeSpan(key)} in ${codeSpan('model-card.yml')} yet._`;
}

function intendedUse(text: CardText | null): string {
  const parts: [string, 'intended_use' | 'intended_users' | 'out_of_scope'][] = [
    ['Uses', 'intended_use'],
    ['Users', 'intended_users'],
    ['Out of scope', 'out_of_scope'],
  ];
  return parts
    .map(([heading, key]) => {
      const content = text?.[key];
      return `**${heading}**\n\n${content === undefined ? missing(key) : ownText(content)}`;
    })
    .join('\n\n');
}

/** What a reader wants to know first: how good it was found to be, on what, beside what. */
function lead({ holdout, pull }: ModelManifest, judgement: Judgement): string {
  const { base } = judgement.evaluated;
  const beside = base.tag === null ? '' : `, beside ${codeSpan(base.tag)} as base`;
  return `${verdictHeading(judgement)}. Judged in pull request ${pull} on ${formatCount(holdout.rows)} rows of the holdout${beside}.`;
}

function modelDetails(manifest: ModelManifest, { evaluated }: Judgement, text: CardText | null): string {
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
    ...(text?.owners === undefined
      ? []
      : [`- Owners: ${text.owners.map((owner) => escapeMarkdown(owner)).join(', ')}`]),
    ...(text?.contact === undefined ? [] : [`- Contact: ${escapeMarkdown(text.contact)}`]),
    ...(text?.licence === undefined ? [] : [`- Licence: ${escapeMarkdown(text.licence)}`]),
    ...(text?.citation === undefined ? [] : [`- Citation: ${escapeMarkdown(text.citation, 2000)}`]),
    ...(text?.references ?? []).map((reference) => `- See: ${escapeMarkdown(reference)}`),
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

function caveats(manifest: ModelManifest, judgement: Judgement, text: CardText | null): string {
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
    ...unwritten(text),
  ].join('\n');
}

/** A card that lacks what people should say is not complete, and says so. */
function unwritten(text: CardText | null): string[] {
  const keys = ['intended_use', 'out_of_scope', 'ethical_considerations', 'caveats', 'licence'] as const;
  const left = keys.filter((key) => text?.[key] === undefined);
  return left.length === 0
    ? []
    : [
        `- Not written by people yet, so this card is incomplete: ${left.map((key) => key.replaceAll('_', ' ')).join(', ')}`,
      ];
}
