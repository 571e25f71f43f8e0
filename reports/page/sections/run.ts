import type { DataDiff } from '../../../pipelines/contracts/data-diff.ts';
import type { DataChange } from '../../../pipelines/contracts/judgement.ts';
import type { Parameter } from '../../../pipelines/contracts/run-record.ts';
import { formatCount, formatNumber, formatSeconds } from '../../format-number.ts';
import { type Links, safeLink } from '../../links.ts';
import { formatShare } from '../../profile/format-value.ts';
import { type Html, html, nothing } from '../html.ts';
import { htmlTable } from '../html-table.ts';
import type { Section } from '../section.ts';
import { shortName } from '../short-name.ts';
import type { Subject } from '../subject.ts';

const most = 200;

/** What the pull request changes: parameters, data, features. */
export function changesSection({ judgement }: Subject): Section[] {
  if (judgement === null) return [];
  const { parameterChanges, dataChanges, dataDiffs = [], featureChanges = [] } = judgement.evaluated;
  const tables: Html[] = [];
  if (parameterChanges.length > 0)
    tables.push(
      htmlTable({
        caption: `Parameters: ${parameterChanges.length} changed`,
        columns: [{ title: 'Parameter' }, { title: 'Base' }, { title: 'Head' }],
        rows: parameterChanges
          .slice(0, most)
          .map(({ name, base, head }) => [html`<code>${name}</code>`, parameter(base), parameter(head)]),
      }),
    );
  if (dataChanges.length > 0)
    tables.push(
      htmlTable({
        caption: `Data: ${dataChanges.length} changed`,
        columns: [{ title: 'Data' }, { title: 'Base' }, { title: 'Head' }, { title: 'Columns' }],
        rows: dataChanges
          .slice(0, most)
          .map((change) => [
            html`<code>${change.path}</code>`,
            content(change.base, change.baseRows),
            content(change.head, change.headRows),
            columnsOf(change),
          ]),
      }),
    );
  tables.push(...dataDiffs.map(shiftTable));
  if (featureChanges.length > 0)
    tables.push(
      htmlTable({
        caption: `Features: ${featureChanges.length} changed`,
        columns: [{ title: 'Feature service' }, { title: 'View' }, { title: 'Base' }, { title: 'Head' }],
        rows: featureChanges
          .slice(0, most)
          .map(({ service, view, base, head }) => [service, view, content(base, null), content(head, null)]),
      }),
    );
  return tables.length === 0 ? [] : [{ id: 'changes', title: 'Changes', body: html`${tables}` }];
}

/** How the values of columns moved from one table to the other. */
function shiftTable({ base, head, rows, shifts }: DataDiff): Html {
  const moved = shifts.filter(({ distance, noise }) => distance > noise);
  const counts =
    rows === null
      ? ''
      : `, ${formatCount(rows.added.count)} added, ${formatCount(rows.removed.count)} removed${rows.added.error + rows.removed.error > 0 ? ' (estimated)' : ''}`;
  const caption = `${shortName(head.path)}: ${formatCount(base.rows)} → ${formatCount(head.rows)} rows${counts}. Columns that moved by more than chance: ${moved.length} of ${shifts.length}`;
  if (moved.length === 0) return html`<p class="soft">${caption}.</p>`;
  return htmlTable({
    caption,
    columns: [
      { title: 'Column' },
      { title: 'Rows by which it differs', align: 'right' },
      { title: 'Missing before', align: 'right' },
      { title: 'Missing now', align: 'right' },
    ],
    rows: moved
      .slice(0, most)
      .map(({ name, distance, missing }) => [
        shortName(name),
        formatShare(distance),
        formatShare(missing[0]),
        formatShare(missing[1]),
      ]),
  });
}

/** How the file was made, as the training job tells it, and what is verified of it. */
export function runSection({ judgement, head }: Subject, links: Links): Section[] {
  if (judgement === null) return [];
  const { run, key, policyCommit } = judgement.evaluated;
  const facts: [string, Html][] = [
    ...(head === null ? [] : [['Model file', html`sha256 <code>${head.sha256}</code>`] as [string, Html]]),
    ...(key === null ? [] : [['Run key', html`<code>${key}</code>, recomputed from the git tree`] as [string, Html]]),
    ...(head === null
      ? []
      : [
          ['Holdout file', html`<code>${head.holdout.dataIntegrity}</code>`] as [string, Html],
          [
            'Choice of its rows',
            html`<code>${head.holdout.integrity}</code>: only judgements with the same one are comparable`,
          ] as [string, Html],
        ]),
    ['Policy', html`<code>${policyCommit.slice(0, 12)}</code> of the default branch`],
    ['Judged', html`${judgement.judgedAt}`],
    ...linked(links),
  ];
  const list = html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  if (run === null) return [{ id: 'run', title: 'Run', body: list }];
  const { stages, environment, reportedMetrics } = run;
  const reported = Object.entries(reportedMetrics).slice(0, most);
  const body = html`${list}
<p class="soft">Reported by the training job: ${[environment.os, environment.arch, `node ${environment.node}`, environment.gpu ?? 'no GPU'].join(', ')}.</p>
${
  stages.length === 0
    ? nothing
    : htmlTable({
        caption: 'Stages',
        columns: [{ title: 'Stage' }, { title: 'Status' }, { title: 'Time', align: 'right' }],
        rows: stages.slice(0, most).map(({ name, status, seconds }) => [name, status, formatSeconds(seconds)]),
      })
}
${
  reported.length === 0
    ? nothing
    : htmlTable({
        caption: 'Metrics that the training program reported of itself; they gate nothing',
        columns: [{ title: 'Metric' }, { title: 'Value', align: 'right' }],
        rows: reported.map(([name, value]) => [name, formatNumber(value)]),
      })
}
${run.failure === null ? nothing : html`<p><b>${run.failure.code}</b>: ${run.failure.message}</p>`}`;
  return [{ id: 'run', title: 'Run', body }];
}

function linked({ train, judge }: Links): [string, Html][] {
  const pages: [string, string | null][] = [
    ['Training logs', safeLink(train)],
    ['Judge run', safeLink(judge)],
  ];
  return pages.flatMap(([name, address]) =>
    address === null ? [] : [[name, html`<a href="${address}" rel="noreferrer">${address}</a>`] as [string, Html]],
  );
}

function parameter(value: Parameter): Html {
  return value === null ? html`–` : html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`;
}

function content(integrity: string | null, rows: number | null): Html {
  if (integrity === null) return html`–`;
  return rows === null ? html`<code>${integrity.slice(0, 19)}</code>` : html`${formatCount(rows)} rows`;
}

function columnsOf({ columnsAdded, columnsRemoved }: DataChange): string {
  return [...columnsAdded.map((name) => `+${name}`), ...columnsRemoved.map((name) => `−${name}`)].join(', ');
}
