import { gatherCheckRuns } from '../checks/gather-checks.ts';
import { renderCheckRun } from '../checks/render-check-run.ts';
import { stateIcon, stateOf } from '../checks/state-badge.ts';
import type { Api } from '../github/gather.ts';
import type { CheckRun } from '../github/shapes.ts';
import { type Html, html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { gatherPull } from './gather-pull.ts';
import { pullPage } from './pull-page.ts';

/** The checks tab: every check run of the head commit on the left, what the chosen one says on the right. */
export async function showPullChecks(
  api: Api,
  { owner, repo, number, chosen }: { owner: string; repo: string; number: string; chosen: string | undefined },
  now: Date,
): Promise<Page> {
  const shown = await gatherPull(api, owner, repo, number);
  const runs = await gatherCheckRuns(api, shown.repository, shown.pull.head.sha);
  const content = renderChecksTab(runs, chosen, shown.repository, shown.pull.number, now);
  return pullPage(shown, 'checks', content, now);
}

function renderChecksTab(
  runs: readonly CheckRun[],
  chosen: string | undefined,
  repository: string,
  pull: number,
  now: Date,
): Html {
  const current =
    runs.find((run) => String(run.id) === chosen) ?? runs.find((run) => run.app?.slug !== 'github-actions') ?? runs[0];
  if (current === undefined) {
    return html`<div class="box blank" id="live-checks" data-live><h2>No checks yet</h2><p>Nothing has reported on this commit.</p></div>`;
  }
  const apps = [...new Set(runs.map(appOf))];
  const groups = apps.map(
    (app) =>
      html`<h3>${app}</h3><ul>${runs
        .filter((run) => appOf(run) === app)
        .map(
          (run) =>
            html`<li><a href="/${repository}/pull/${pull}/checks?check_run_id=${run.id}"${run === current && html` aria-current="true"`}>${stateIcon(stateOf(run.status, run.conclusion))}<span>${run.name}</span></a></li>`,
        )}</ul>`,
  );
  return html`<h2 class="hidden">Checks</h2><div class="side-by-side"><nav class="sidelist" aria-label="Checks" id="live-check-list" data-live>${groups}</nav>
<div id="live-check" data-live>${renderCheckRun(current, repository, now)}</div></div>`;
}

function appOf(run: CheckRun): string {
  return run.app?.name ?? run.app?.slug ?? 'Checks';
}
