import type { DriftReport } from '../contracts/drift-report.ts';
import type { PlannedAction } from '../publication/planned-action.ts';
import { type DriftState, formatDriftState, parseDriftState } from './drift-state.ts';
import { parseEpisodeMarker } from './episode-marker.ts';

export const driftLabel = 'drift';

/** An issue with the label `drift` that the App opened; the newest first. */
export type EpisodeIssue = { number: number; open: boolean; body: string };
/** How a report looks as an issue; made by `reports`. The body starts with the episode's marker. */
export type EpisodeViews = { title: string; body: string };

/**
 * What follows from a drift report: an episode is opened once, kept up to date, and closed when the drift is over or
 * another release has taken the place of the one that drifted. An issue a person closed stays closed until the drift
 * has been away. A report older than the one an issue shows changes nothing.
 */
export function planEpisode(
  report: DriftReport,
  recorded: DriftReport | null,
  issues: readonly EpisodeIssue[],
  views: EpisodeViews,
): PlannedAction[] {
  if (recorded !== null && Date.parse(recorded.checkedAt) > Date.parse(report.checkedAt)) return [];
  const own = issues.find(({ body }) => isAbout(body, report, true));
  const others = issues.filter(({ open, body }) => open && isAbout(body, report, false));
  return [
    ...recordAction(report),
    ...others.filter((issue) => isNews(issue, report)).flatMap((issue) => supersede(issue, report)),
    ...episodeActions(report, own ?? null, views),
  ];
}

/** The open issue that a report which says drift is about; null when there is none, or when it shows a newer report. */
export function driftingEpisode(report: DriftReport, issues: readonly EpisodeIssue[]): EpisodeIssue | null {
  const own = report.status === 'fail' ? issues.find(({ body }) => isAbout(body, report, true)) : undefined;
  if (own === undefined || !own.open) return null;
  const shown = parseDriftState(own.body)?.checkedAt ?? report.checkedAt;
  return Date.parse(shown) > Date.parse(report.checkedAt) ? null : own;
}

/** Ledger path of a report, or null when there was no window to look at. */
export function driftPath({ model, window }: DriftReport): string | null {
  return window === null ? null : `drift/${model}/${window.from}_${window.to}.json`;
}

function recordAction(report: DriftReport): PlannedAction[] {
  const path = driftPath(report);
  if (path === null) return [];
  const message = `Record ${report.status} of ${report.tag} in ${report.environment}`;
  return [{ do: 'write-ledger', entries: [{ path, document: report }], message }];
}

function episodeActions(report: DriftReport, issue: EpisodeIssue | null, views: EpisodeViews): PlannedAction[] {
  const known = issue === null ? null : parseDriftState(issue.body);
  const drifting = report.status === 'fail';
  if (!drifting && !isOver(report, known?.failing ?? [])) return [];
  const state: DriftState = {
    checkedAt: report.checkedAt,
    state: drifting ? 'drifting' : 'recovered',
    failing: failingOf(report),
  };
  const body = `${views.body.trimEnd()}\n\n${formatDriftState(state)}\n`;
  const over = issue !== null && !issue.open && known?.state !== 'drifting';
  if (issue === null || (over && (known === null || isNews(issue, report)))) {
    return drifting ? [{ do: 'open-issue', title: views.title, body, label: driftLabel }] : [];
  }
  if (!isNews(issue, report)) return [];
  const update: PlannedAction = { do: 'update-issue', issue: issue.number, body, close: issue.open && !drifting };
  // The comment comes first: once the body shows this report, a second delivery stops before it.
  return issue.open ? [...comments(report, issue, known), update] : [update];
}

function comments(report: DriftReport, issue: EpisodeIssue, known: DriftState | null): PlannedAction[] {
  const added = failingOf(report).filter((name) => !(known?.failing ?? []).includes(name));
  if (report.status !== 'fail') return [comment(issue, report, `${span(report)} shows no drift any more.`)];
  if (added.length === 0) return [];
  const count = added.length === 1 ? 'One more finding' : `${added.length} more findings`;
  return [comment(issue, report, `${count} in ${span(report)}; the description above has the numbers.`)];
}

function supersede(issue: EpisodeIssue, report: DriftReport): PlannedAction[] {
  const kept = issue.body.trimEnd().split('\n');
  const lines = parseDriftState(issue.body) === null ? kept : kept.slice(0, -1);
  const state: DriftState = { checkedAt: report.checkedAt, state: 'superseded', failing: [] };
  const body = `${lines.join('\n').trimEnd()}\n\n${formatDriftState(state)}\n`;
  return [
    comment(issue, report, `\`${report.tag}\` has taken over, so this episode is closed.`),
    { do: 'update-issue', issue: issue.number, body, close: true },
  ];
}

function comment(issue: EpisodeIssue, report: DriftReport, text: string): PlannedAction {
  const marker = `<!-- pulltrain:episode-update checked=${report.checkedAt} -->`;
  return { do: 'upsert-comment', issue: issue.number, marker, body: `${marker}\n${text}\n` };
}

function span({ window }: DriftReport): string {
  if (window === null) return 'The newest window';
  return window.from === window.to ? window.from : `${window.from} to ${window.to}`;
}

function failingOf({ findings }: DriftReport): string[] {
  return findings.filter(({ status }) => status === 'fail').map(({ kind, subject }) => `${kind} ${subject}`);
}

/** Nothing fails, and what failed before was looked at and passes; the rest may be unknown, as young labels often are. */
function isOver(report: DriftReport, before: readonly string[]): boolean {
  if (report.status === 'pass') return true;
  if (report.status !== 'inconclusive' || before.length === 0) return false;
  const passing = report.findings.filter(({ status }) => status === 'pass');
  return before.every((name) => passing.some(({ kind, subject }) => `${kind} ${subject}` === name));
}

function isAbout(body: string, report: DriftReport, sameRelease: boolean): boolean {
  const episode = parseEpisodeMarker(body);
  if (episode?.model !== report.model || episode.environment !== report.environment) return false;
  return (episode.release === report.release) === sameRelease;
}

function isNews({ body }: EpisodeIssue, report: DriftReport): boolean {
  const state = parseDriftState(body);
  return state === null || Date.parse(report.checkedAt) > Date.parse(state.checkedAt);
}
