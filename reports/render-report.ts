import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { dataTable, parameterTable } from './change-sections.ts';
import { describeVerdict, gatesToExplain } from './describe-verdict.ts';
import { details } from './details.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { fairnessLines, groupsTable } from './groups-section.ts';
import { identityLine } from './identity-line.ts';
import type { Links } from './links.ts';
import { metricTable } from './metric-table.ts';
import { runSection } from './run-section.ts';
import { statusIcons } from './status-icon.ts';

/** How much of a report is told: everything, or less so that it fits. */
export type Amount = 'everything' | 'fewer-rows' | 'no-details' | 'verdict';

const mostRows = { everything: 200, 'fewer-rows': 10 };

/** The verdict with its icon, as markdown. */
export function verdictHeading(judgement: Judgement): string {
  return `${statusIcons[judgement.verdict.status]} ${escapeMarkdown(describeVerdict(judgement))}`;
}

/** The parts of the report under its heading, in order. */
export function renderReport(judgement: Judgement, links: Links, amount: Amount): string[] {
  const { comparison, verdict, evaluated } = judgement;
  if (amount === 'verdict') return [identityLine(judgement)];
  const explained = gatesToExplain(verdict.gates).map(
    ({ status, gate, message, informational }) =>
      `- ${statusIcons[status]} **${escapeMarkdown(gate)}**${informational ? ' (informational)' : ''}: ${escapeMarkdown(message, 1000)}`,
  );
  const problems = evaluated.problems.map(
    ({ code, message }) => `- ⛔ **${escapeMarkdown(code)}**: ${escapeMarkdown(message, 1000)}`,
  );
  const policy = evaluated.policyChanges.map((change) => escapeMarkdown(change)).join(', ');
  const parts = [
    identityLine(judgement),
    problems.join('\n'),
    comparison === null ? '' : metricTable(comparison, verdict, evaluated.baseEvaluation?.cost ?? null),
    explained.join('\n'),
    ...(comparison === null ? [] : fairnessLines(comparison)),
    policy === '' ? '' : `> **Policy edits** are shown and not obeyed before they are merged: ${policy}`,
  ];
  return [...parts, ...(amount === 'no-details' ? [] : sections(judgement, links, mostRows[amount]))].filter(
    (part) => part !== '',
  );
}

function sections(judgement: Judgement, links: Links, most: number): string[] {
  const { parameterChanges, dataChanges, headEvaluation } = judgement.evaluated;
  const groups = headEvaluation?.groups ?? [];
  const run = runSection(judgement, links);
  return [
    ...(parameterChanges.length === 0
      ? []
      : [details(`Parameters: ${parameterChanges.length} changed`, parameterTable(parameterChanges, most))]),
    ...(dataChanges.length === 0 ? [] : [details(`Data: ${dataChanges.length} changed`, dataTable(dataChanges, most))]),
    ...(groups.length === 0 ? [] : [details(`Groups: ${groups.length}`, groupsTable(groups, most))]),
    ...(run === '' ? [] : [details('Run', run)]),
  ];
}
