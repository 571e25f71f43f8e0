import { markdownTable } from 'markdown-table';
import type { DriftFinding, DriftReport } from '../pipelines/contracts/drift-report.ts';
import { codeSpan } from './code-span.ts';
import { details } from './details.ts';
import { driftAdvice } from './drift-advice.ts';
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

/** The issue of a drift episode: what drifted, by how much, what to do about it, and collapsed what was looked at and holds. */
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
  const [most, some] = [drifted.slice(0, 20), drifted.slice(0, 5)];
  const variants = [
    { shown: drifted, others: true },
    { shown: drifted, others: false },
    { shown: most, others: false },
    { shown: some, others: false },
  ].map((amount) => () => renderBody(report, amount, links));
  return { title, body: fitSize([...variants, () => `${episodeMarker(report)}\n\n${sentence(report)}\n`], cap) };
}

type Amount = { shown: readonly DriftFinding[]; others: boolean };

function renderBody(report: DriftReport, { shown, others }: Amount, links: { watch?: string }): string {
  const holding = report.findings.filter(({ status }) => status === 'pass');
  const unknown = report.findings.filter(({ status }) => status !== 'pass' && status !== 'fail');
  const link = safeLink(links.watch);
  const parts = [
    episodeMarker(report),
    sentence(report),
    listed(shown),
    shown.length === 0 ? '' : findingsTable(shown),
    `**What to do**\n\n${driftAdvice(report)}`,
    others && unknown.length > 0 ? details(`Cannot be told yet: ${unknown.length}`, listed(unknown)) : '',
    others && holding.length > 0
      ? details(`Looked at and as at release: ${holding.length}`, findingsTable(holding))
      : '',
    `${link === null ? '' : `[The watch run](${link}). `}Last update ${codeSpan(report.checkedAt)}.`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function listed(findings: readonly DriftFinding[]): string {
  return findings.map(({ message }) => `- ${escapeMarkdown(message, 500)}`).join('\n');
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
    formatNumber(finding.observed),
    formatNumber(finding.threshold),
    movement(finding),
    escapeMarkdown(finding.measure),
    finding.kind,
    formatCount(finding.n),
  ]);
  const header = ['', 'Subject', 'Measured', 'Allowed', 'At release → now', 'Measure', 'Kind', 'Rows'];
  const align = ['c', 'l', 'r', 'r', 'l', 'l', 'l', 'r'];
  return markdownTable([header, ...rows], { align, alignDelimiters: false });
}

/** What the subject was and is, and as what: a distance is measured over the whole distribution, of which this is the mean. */
function movement(finding: DriftFinding): string {
  if (finding.reference === null && finding.current === null) return '–';
  return `${meaning(finding)} ${formatNumber(finding.reference)} → ${formatNumber(finding.current)}`;
}

function meaning({ kind, subject, measure }: DriftFinding): string {
  if (kind === 'quality') return escapeMarkdown(subject);
  return kind === 'health' || measure.startsWith('share') ? 'share' : 'mean';
}
