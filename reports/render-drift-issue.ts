import { markdownTable } from 'markdown-table';
import type { DriftFinding, DriftReport } from '../pipelines/contracts/drift-report.ts';
import { codeSpan } from './code-span.ts';
import { escapeMarkdown, plainLine } from './escape-markdown.ts';
import { fitSize } from './fit-size.ts';
import { formatCount, formatNumber } from './format-number.ts';
import { safeLink } from './links.ts';
import { statusIcons } from './status-icon.ts';

/** Bytes; GitHub refuses an issue body over 65,536 characters. */
const CAP = 60_000;

/** First line of the one issue per drift episode. */
export function episodeMarker({ model, environment, release }: DriftReport): string {
  const name = environment.replace(/[^\w.-]/g, '_');
  return `<!-- pulltrain:episode model=${model} environment=${name} release=${release} -->`;
}

/** The issue of a drift episode: what drifted, by how much, and what to do about it. */
export function renderDriftIssue(
  report: DriftReport,
  links: { watch?: string } = {},
  { cap = CAP } = {},
): { title: string; body: string } {
  const drifted = report.findings.filter(({ status }) => status === 'fail');
  const [first, second, ...rest] = drifted.map(({ subject }) => subject);
  const named = [first, second].filter((subject) => subject !== undefined).join(', ');
  const more = rest.length === 0 ? '' : ` and ${rest.length} more`;
  const title = plainLine(
    `${report.model} ${drifted.length === 0 ? 'is watched' : 'has drifted'} in ${report.environment}${named === '' ? '' : `: ${named}${more}`}`,
    200,
  );
  const variants = [report.findings, drifted, drifted.slice(0, 20), drifted.slice(0, 5)].map(
    (findings) => () => renderBody(report, findings, links),
  );
  return { title, body: fitSize([...variants, () => `${episodeMarker(report)}\n\n${sentence(report)}\n`], cap) };
}

function renderBody(report: DriftReport, findings: readonly DriftFinding[], links: { watch?: string }): string {
  const drifted = findings.filter(({ status }) => status === 'fail');
  const link = safeLink(links.watch);
  const parts = [
    episodeMarker(report),
    sentence(report),
    drifted.map(({ message }) => `- ${escapeMarkdown(message, 500)}`).join('\n'),
    findings.length === 0 ? '' : findingsTable(findings),
    whatToDo(report),
    `${link === null ? '' : `[The watch run](${link}). `}Last update ${codeSpan(report.checkedAt)}.`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function sentence({ model, environment, tag, window, rows, labelled, findings }: DriftReport): string {
  const drifted = findings.filter(({ status }) => status === 'fail').length;
  const when = window === null ? '' : ` from ${window.from} to ${window.to}`;
  const scored = `${formatCount(rows)} scored rows, ${formatCount(labelled)} of them labelled`;
  return `**${escapeMarkdown(model)}** in ${codeSpan(environment)} serves ${codeSpan(tag)}. In the window${when} (${scored}), ${drifted} of ${findings.length} things watched left what the release's own profile allows.`;
}

function findingsTable(findings: readonly DriftFinding[]): string {
  const rows = findings.map((finding) => [
    statusIcons[finding.status],
    codeSpan(finding.subject),
    finding.kind,
    escapeMarkdown(finding.measure),
    formatNumber(finding.observed),
    formatNumber(finding.threshold),
    formatNumber(finding.reference),
    formatNumber(finding.current),
    formatCount(finding.n),
  ]);
  const header = ['', 'Subject', 'Kind', 'Measure', 'Observed', 'Allowed', 'At release', 'Now', 'Rows'];
  const align = ['c', 'l', 'l', 'l', 'r', 'r', 'r', 'r', 'r'];
  return markdownTable([header, ...rows], { align, alignDelimiters: false });
}

function whatToDo({ findings }: DriftReport): string {
  const kinds = new Set(findings.filter(({ status }) => status === 'fail').map(({ kind }) => kind));
  const advice = [
    '- Comment `/retrain` to open a pull request with a newer training window; it goes through the same judgement as any other.',
    ...(kinds.has('covariate') || kinds.has('prediction')
      ? ['- Check where the columns come from: a broken feed drifts too, and no retraining repairs it.']
      : []),
    ...(kinds.has('quality')
      ? ['- The labels say that the model answers worse than at its release: retraining is urgent, or roll back.']
      : []),
    ...(kinds.has('concept') && !kinds.has('quality')
      ? [
          '- The labels say that scores no longer mean what they say, though they still rank as well: retraining sets them right.',
        ]
      : []),
    ...(kinds.has('health') ? ['- The service itself is unwell: look at its errors and latency first.'] : []),
  ];
  return `**What to do**\n\n${advice.join('\n')}`;
}
