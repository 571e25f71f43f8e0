import type { Evaluation } from '../pipelines/contracts/evaluation.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { dataTable, featureTable, parameterTable } from './change-sections.ts';
import { costTable } from './cost-table.ts';
import { dataDiffSection } from './data-diff-section.ts';
import { decisionLine } from './decision-line.ts';
import { gatesToExplain, verdictHeadline } from './describe-verdict.ts';
import { details } from './details.ts';
import { escapeMarkdown, plainLine } from './escape-markdown.ts';
import { fairnessLines } from './fairness-line.ts';
import { groupFairnessTables } from './fairness-tables.ts';
import { formatNumber } from './format-number.ts';
import { fairnessTables, groupsTable } from './groups-section.ts';
import { identityLine } from './identity-line.ts';
import { describeImportance, importanceTable } from './importance-table.ts';
import { type Links, safeLink } from './links.ts';
import { metricRows } from './metric-rows.ts';
import { metricTable } from './metric-table.ts';
import { plainTable } from './plain-table.ts';
import { describeRobustness, perturbationTable, robustnessTable } from './robustness-table.ts';
import { runSection } from './run-section.ts';
import { statusIcons } from './status-icon.ts';
import { worstSlicesTable } from './worst-slices-table.ts';

/** How much of a report is told: everything, or less so that it fits. */
export type Amount = 'everything' | 'fewer-rows' | 'no-details' | 'few-reasons' | 'verdict';

const mostRows = { everything: 200, 'fewer-rows': 10 };
/** Reasons and rows of the metric table when there is little room. */
const fewReasons = 10;

/** The verdict with its icon, as markdown; reasons stand below it. */
export function verdictHeading(judgement: Judgement): string {
  return `${statusIcons[judgement.verdict.status]} ${escapeMarkdown(verdictHeadline(judgement))}`;
}

/** The parts of the report under its heading that everybody should see, in order; with `verdict` only what it comes to. */
export function renderFindings(judgement: Judgement, links: Links, amount: Amount): string[] {
  const { comparison, verdict, evaluated } = judgement;
  if (amount === 'verdict') return [decisionLine(judgement), identityLine(judgement)];
  const most = amount === 'few-reasons' ? fewReasons : 40;
  const policy = evaluated.policyChanges.map((change) => escapeMarkdown(change)).join(', ');
  return [
    decisionLine(judgement),
    reasons(judgement, most),
    identityLine(judgement),
    policy === '' ? '' : `> **Policy edits** are shown and not obeyed before they are merged: ${policy}`,
    comparison === null
      ? ''
      : metricTable(
          metricRows(comparison, verdict, { head: evaluated.headEvaluation, base: evaluated.baseEvaluation }),
          most,
        ),
    comparison === null ? '' : fairnessLines(comparison, verdict),
    pageLine(links),
  ].filter((part) => part !== '');
}

/** What stands in the way, what cannot be decided, and what a reviewer should know. */
function reasons({ verdict, evaluated }: Judgement, most: number): string {
  const problems = evaluated.problems.map(
    ({ code, message }) => `- ⛔ **${escapeMarkdown(code)}**: ${escapeMarkdown(message, 1000)}`,
  );
  const gates = gatesToExplain(verdict.gates).map(
    ({ status, gate, message, informational }) =>
      `- ${statusIcons[status]} **${escapeMarkdown(gate)}**${informational ? ' (informational)' : ''}: ${escapeMarkdown(message, 1000)}`,
  );
  const warnings = (evaluated.warnings ?? []).map(({ message }) => `- ⚠️ ${escapeMarkdown(message, 1000)}`);
  const all = [...problems, ...gates, ...warnings];
  return [...all.slice(0, most), ...(all.length > most ? [`- …and ${all.length - most} more`] : [])].join('\n');
}

function pageLine(links: Links): string {
  const address = safeLink(links.page);
  return address === null
    ? ''
    : `**[Full report](${address})**: curves, calibration, every group and input, as one page.`;
}

/** Findings and, as far as there is room, the collapsed sections behind them. */
export function renderReport(judgement: Judgement, links: Links, amount: Amount): string[] {
  return [...renderFindings(judgement, links, amount), ...renderSections(judgement, links, amount)];
}

/** What changed and how it was made, collapsed: for those who look closer. */
export function renderSections(judgement: Judgement, links: Links, amount: Amount): string[] {
  if (amount !== 'everything' && amount !== 'fewer-rows') return [];
  const most = mostRows[amount];
  const { headEvaluation: head, baseEvaluation: base } = judgement.evaluated;
  const run = runSection(judgement, links);
  return [
    ...changes(judgement, most),
    ...slices(judgement, most),
    ...(head === null ? [] : measured(head, base, most)),
    ...(run === '' ? [] : [details('Run: what was judged and how it was made', run)]),
  ];
}

function changes(judgement: Judgement, most: number): string[] {
  const { parameterChanges, dataChanges, dataDiffs = [], featureChanges = [] } = judgement.evaluated;
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
  ];
}

function slices({ comparison, evaluated }: Judgement, most: number): string[] {
  const groups = evaluated.headEvaluation?.groups ?? [];
  const worst = evaluated.headEvaluation?.worstSlices;
  const [first] = worst?.slices ?? [];
  const where = first?.where.map(({ by, group }) => `${plainLine(by, 40)}: ${plainLine(group, 40)}`);
  const rates = comparison?.groupFairness;
  const fairness = [
    ...(comparison === null ? [] : fairnessTables(comparison)),
    ...(rates === undefined ? [] : groupFairnessTables(rates, most)),
  ];
  return [
    ...(groups.length === 0 ? [] : [details(`Groups: ${groups.length}`, groupsTable(groups, most, comparison))]),
    ...(worst === undefined || where === undefined
      ? []
      : [
          details(
            `Worst groups: ${where.join(' and ')}`,
            `${plainTable(worstSlicesTable(worst), most)}\n\nOf ${worst.tested} groups of at least ${worst.minSize} rows that were looked at. ${escapeMarkdown(worst.test)}.`,
          ),
        ]),
    ...(fairness.length === 0 ? [] : [details('Fairness: gaps between groups, and every rate', fairness.join('\n\n'))]),
  ];
}

function measured({ explanation, cost, robustness }: Evaluation, base: Evaluation | null, most: number): string[] {
  return [
    ...(explanation === undefined
      ? []
      : [
          details(
            `Importance: goes by ${plainLine(describeImportance(explanation), 120)}`,
            plainTable(importanceTable(explanation), most),
          ),
        ]),
    ...(cost === undefined
      ? []
      : [
          details(
            `Cost: ${formatNumber(cost.latencyP95Ms)} ms for a row, ${formatNumber(cost.size / 1e6)} MB`,
            plainTable(costTable(cost, base?.cost), most),
          ),
        ]),
    ...(robustness === undefined
      ? []
      : [
          details(
            `Robustness: ${describeRobustness(robustness)}`,
            [
              plainTable(robustnessTable(robustness), most),
              plainTable(perturbationTable(robustness), Math.min(most, 20)),
            ].join('\n\n'),
          ),
        ]),
  ];
}
