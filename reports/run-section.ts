import { markdownTable } from 'markdown-table';
import type { Holdout } from '../pipelines/contracts/evaluation.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { codeFence } from './code-fence.ts';
import { codeSpan } from './code-span.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatNumber, formatSeconds } from './format-number.ts';
import { type Links, safeLink } from './links.ts';
import { seenRowsFacts } from './seen-rows-facts.ts';
import { validationSection } from './validation-section.ts';

/** How the training job says it made the file; everything but the digest and the key is its own report. */
export function runSection({ evaluated }: Judgement, links: Links): string {
  const { run, key, headEvaluation } = evaluated;
  const sha256 = headEvaluation?.sha256 ?? run?.modelFile?.sha256;
  const facts = [
    ...(sha256 === undefined ? [] : [`- Model sha256 ${codeSpan(sha256)}`]),
    ...(key === null ? [] : [`- Run key ${codeSpan(key.slice(0, 27))}, recomputed from the git tree`]),
    ...(headEvaluation === null ? [] : holdoutFacts(headEvaluation.holdout)),
    ...seenRowsFacts(evaluated.seenRows ?? []),
    ...(run === null ? [] : [`- Environment: ${escapeMarkdown(describeEnvironment(run.environment))} (reported)`]),
    ...(safeLink(links.train) === null ? [] : [`- [Training logs](${safeLink(links.train)})`]),
    ...(safeLink(links.judge) === null ? [] : [`- [Judge run with the full report](${safeLink(links.judge)})`]),
  ];
  if (run === null) return facts.join('\n');
  const stages = run.stages
    .slice(0, 50)
    .map(({ name, status, seconds }) => [escapeMarkdown(name), escapeMarkdown(status), formatSeconds(seconds)]);
  const metrics = Object.entries(run.reportedMetrics)
    .slice(0, 50)
    .map(([name, value]) => [codeSpan(name), formatNumber(value)]);
  return [
    facts.join('\n'),
    ...(stages.length === 0
      ? []
      : [markdownTable([['Stage', 'Status', 'Time'], ...stages], { alignDelimiters: false })]),
    ...(metrics.length === 0
      ? []
      : [markdownTable([['Metric, **reported** by training', 'Value'], ...metrics], { alignDelimiters: false })]),
    validationSection(run.validations ?? []),
    ...(run.failure === null ? [] : [codeFence(run.failure.message)]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The bytes of the holdout's file, and the rows of it that the rule picked: two digests that are easily mistaken. */
function holdoutFacts({ data, dataIntegrity, rule, integrity }: Holdout): string[] {
  return [
    `- Holdout file ${codeSpan(data)}: bytes ${codeSpan(dataIntegrity.slice(0, 27))}`,
    `- Rows of it that judged: ${escapeMarkdown(rule)}; this choice is ${codeSpan(integrity.slice(0, 27))}, and only judgements with the same one are comparable`,
  ];
}

function describeEnvironment({
  os,
  arch,
  node,
  gpu,
}: {
  os: string;
  arch: string;
  node: string;
  gpu: string | null;
}): string {
  return [os, arch, `node ${node}`, gpu ?? 'no GPU'].join(', ');
}
