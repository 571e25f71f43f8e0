import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { dataTable, featureTable, parameterTable } from './change-sections.ts';
import { dataDiffSection } from './data-diff-section.ts';
import { decisionLine } from './decision-line.ts';
import { gatesToExplain, verdictHeadline } from './describe-verdict.ts';
import { details } from './details.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { fairnessTables, groupsTable } from './groups-section.ts';
import { identityLine } from './identity-line.ts';
import type { Links } from './links.ts';
import { metricRows } from './metric-rows.ts';
import { metricTable } from './metric-table.ts';
import { runSection } from './run-section.ts';
import { statusIcons } from './status-icon.ts';

/** How much of a report is told: everything, or less so that it fits. */
export type Amount = 'everything' | 'fewer-rows' | 'no-details' | 'verdict';

const mostRows = { everything: 200, 'fewer-rows': 10 };

/** The verdict with its icon, as markdown; reasons stand below it. */
export function verdictHeading(judgement: Judgement): string {
  return `${statusIcons[judgement.verdict.status]} ${escapeMarkdown(verdictHeadline(judgement))}`;
}

/** The parts of the report under its heading that everybody should see, in order; with `verdict` only what it comes to. */
export function renderFindings(judgement: Judgement, amount: Amount): string[] {
  const { comparison, verdict, evaluated } = judgement;
  const problems = evaluated.problems.map(
    ({ code, message }) => `- ⛔ **${escapeMarkdown(code)}**: ${escapeMarkdown(message, 1000)}`,
  );
  const explained = gatesToExplain(verdict.gates).map(
    ({ status, gate, message, informational }) =>
      `- ${statusIcons[status]} **${escapeMarkdown(gate)}**${informational ? ' (informational)' : ''}: ${escapeMarkdown(message, 1000)}`,
  );
  if (amount === 'verdict') return [decisionLine(judgement), identityLine(judgement)];
  const policy = evaluated.policyChanges.map((change) => escapeMarkdown(change)).join(', ');
  return [
    decisionLine(judgement),
    [...problems, ...explained].join('\n'),
    identityLine(judgement),
    comparison === null ? '' : metricTable(metricRows(comparison, verdict, evaluated.baseEvaluation?.cost ?? null), 40),
    ...(comparison === null ? [] : fairnessTables(comparison)),
    policy === '' ? '' : `> **Policy edits** are shown and not obeyed before they are merged: ${policy}`,
  ].filter((part) => part !== '');
}

/** Findings and, as far as there is room, the collapsed sections behind them. */
export function renderReport(judgement: Judgement, links: Links, amount: Amount): string[] {
  return [...renderFindings(judgement, amount), ...renderSections(judgement, links, amount)];
}

/** What changed and how it was made, collapsed: for those who look closer. */
export function renderSections(judgement: Judgement, links: Links, amount: Amount): string[] {
  return amount === 'everything' || amount === 'fewer-rows' ? sections(judgement, links, mostRows[amount]) : [];
}

function sections(judgement: Judgement, links: Links, most: number): string[] {
  const { parameterChanges, dataChanges, dataDiffs = [], featureChanges = [], headEvaluation } = judgement.evaluated;
  const groups = headEvaluation?.groups ?? [];
  const run = runSection(judgement, links);
  return [
    ...(parameterChanges.length === 0
      ? []
      : [details(`Parameters: ${parameterChanges.length} changed`, parameterTable(parameterChanges, most))]),
    ...(featureChanges.length === 0
      ? []
      : [details(`Features: ${featureChanges.length} changed`, featureTable(featureChanges, most))]),
    ...(dataChanges.length === 0
      ? []
      : [
          details(
            `Data: ${dataChanges.length} changed`,
            [dataTable(dataChanges, most), ...dataDiffs.map((diff) => dataDiffSection(diff, most))].join('\n\n'),
          ),
        ]),
    ...(groups.length === 0
      ? []
      : [details(`Groups: ${groups.length}`, groupsTable(groups, most, judgement.comparison))]),
    ...(run === '' ? [] : [details('Run: what was judged and how it was made', run)]),
  ];
}
