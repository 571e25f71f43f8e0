import { worstStatus } from '../../../pipelines/contracts/worst-status.ts';
import { effectOf } from '../../effect-of.ts';
import { formatChange, formatCount, formatNumber } from '../../format-number.ts';
import { type MetricRow, metricRows } from '../../metric-rows.ts';
import { metricTitle } from '../../metric-title.ts';
import { changeBar } from '../change-bar.ts';
import { type Html, html, nothing } from '../html.ts';
import { htmlTable } from '../html-table.ts';
import type { Section } from '../section.ts';
import { statusTag } from '../status-tag.ts';
import type { Subject } from '../subject.ts';

/** Every metric of base and head with its change; beside it what somebody gets who ignores the inputs. */
export function metricsSection(subject: Subject): Section[] {
  const { comparison, head, base, judgement } = subject;
  if (comparison === null) {
    const table = measuredTable(subject);
    return table === null ? [] : [{ id: 'metrics', title: 'Metrics', body: table }];
  }
  const rows = metricRows(comparison, judgement?.verdict ?? null, { head, base });
  const baselines = new Map((head?.metrics ?? []).map(({ name, baseline }) => [metricTitle(name), baseline]));
  const hasBaseline = [...baselines.values()].some((baseline) => baseline !== undefined);
  const table = htmlTable({
    caption:
      'Base and head on the same rows; changes are paired, with 95 % intervals. An arrow says which way is better.',
    columns: [
      { title: 'Metric' },
      { title: 'Result' },
      { title: 'Base', align: 'right' },
      { title: 'Head', align: 'right' },
      { title: 'Change, 95 % interval' },
      ...(hasBaseline ? [{ title: 'Ignoring the inputs', align: 'right' as const }] : []),
      { title: 'Gate' },
    ],
    rows: rows.map((row) => [
      `${row.title}${row.direction === null ? '' : row.direction === 'higher' ? ' ↑' : ' ↓'}`,
      result(row),
      formatNumber(row.base),
      formatNumber(row.head),
      change(row),
      ...(hasBaseline ? [formatNumber(baselines.get(row.title)?.value ?? null)] : []),
      row.gates
        .map(({ rule }) => rule)
        .filter((rule) => rule !== '')
        .join('; '),
    ]),
  });
  const same = comparison.identical ? html`<p>Base and head give the same prediction for every row.</p>` : nothing;
  return [{ id: 'metrics', title: 'Metrics', body: html`${same}${table}${undefinedNote(subject)}` }];
}

function result({ direction, delta, gates }: MetricRow): Html {
  const status = gates.length === 0 ? nothing : statusTag(worstStatus(gates.map(({ result: { status: one } }) => one)));
  const effect = direction === null ? null : effectOf(delta, direction);
  return html`${status} ${effect === null ? nothing : html`<span class="${effect}">${effect}</span>`}`;
}

function change({ delta, direction, interval }: MetricRow): Html {
  if (delta === null && interval !== null)
    return html`<span class="soft">Head: ${formatNumber(interval.low)} to ${formatNumber(interval.high)}</span>`;
  if (delta === null) return html`–`;
  return html`<span class="change-cell">${changeBar(delta, direction)}${formatChange(delta.value)} [${formatChange(delta.low)}, ${formatChange(delta.high)}]</span>`;
}

/** Without a comparison: what was measured of one model. */
function measuredTable(subject: Subject): Html | null {
  const metrics = subject.head?.metrics ?? [];
  if (metrics.length === 0) return null;
  const table = htmlTable({
    caption: 'Measured on the holdout.',
    columns: [
      { title: 'Metric' },
      { title: 'Value', align: 'right' },
      { title: '95 % interval', align: 'right' },
      { title: 'Ignoring the inputs', align: 'right' },
      { title: 'Rows', align: 'right' },
    ],
    rows: metrics.map(({ name, value, interval, n, baseline }) => [
      metricTitle(name),
      formatNumber(value),
      interval === null ? '–' : `${formatNumber(interval.low)} to ${formatNumber(interval.high)}`,
      baseline === undefined ? '–' : `${formatNumber(baseline.value)} (${baseline.predictor})`,
      formatCount(n),
    ]),
  });
  return html`${table}${undefinedNote(subject)}`;
}

function undefinedNote({ head }: Subject): Html {
  const list = head?.undefinedMetrics ?? [];
  if (list.length === 0) return nothing;
  return html`<p class="soft">Not defined on these rows: ${list.map(({ name, reason }) => `${metricTitle(name)} (${reason})`).join('; ')}.</p>`;
}
