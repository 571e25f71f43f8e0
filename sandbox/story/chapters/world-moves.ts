import { waitForRun } from '../steps/wait-for-run.ts';
import { pageUrl, repository, type Story } from '../story.ts';
import { waitUntil } from '../wait-until.ts';

/** Chapter 4: June is not April; the scheduled watch notices and opens one issue. */
export async function playWorldMoves(story: Story): Promise<void> {
  const { timeline } = story;
  await timeline.step(
    'Production answers the flights of 1 to 15 June',
    () => story.replay(story.tables.juneTraffic, { once: true }).done,
    ({ answered, failed }) => ({ note: `${answered.toLocaleString('en')} flights, ${failed} failed` }),
  );
  await timeline.step(
    'Dana lands the labels that have arrived',
    () => landLabels(story),
    (sha) => ({
      url: pageUrl(story, `commit/${sha}`),
    }),
  );
  const first = await watchOnce(story, 'The scheduled watch compares June with the release', 0);
  await timeline.step(
    'The bot opens one issue',
    () => waitForIssue(story),
    (issue) => ({
      url: pageUrl(story, `issues/${issue.number}`),
      note: issue.title,
    }),
  );
  await watchOnce(story, 'The next watch finds the same episode', first);
}

/** The holdout moves to the newest labelled days, and a newer training snapshot becomes available. */
function landLabels(story: Story): Promise<string> {
  const { dana, tables } = story;
  return dana.push({
    branch: 'main',
    message: 'Labels up to 15 June 2001 have arrived',
    edits: {},
    work: async (directory) => {
      await story.addData(directory, { path: 'data/holdout.parquet', table: tables.juneHoldout, store: 'holdout' });
      await story.addData(directory, {
        path: 'data/flights-2001-05.parquet',
        table: tables.laterSnapshot,
        store: 'training',
      });
    },
  });
}

function watchOnce(story: Story, title: string, afterId: number): Promise<number> {
  return story.timeline
    .step(
      title,
      async () => {
        await story.fireSchedule('watch.yml');
        return waitForRun(story, { workflow: 'watch.yml', event: 'schedule', afterId });
      },
      (run) => ({ url: pageUrl(story, `actions/runs/${run.id}`), note: run.conclusion }),
    )
    .then(({ id }) => id);
}

function waitForIssue(story: Story): Promise<{ number: number; title: string }> {
  return waitUntil(
    async () => {
      const { data } = await story.maya.octokit.rest.issues.listForRepo({ ...repository, labels: 'drift' });
      return data[0] ?? null;
    },
    { what: 'a drift issue', where: pageUrl(story, 'issues'), timeoutMs: 60_000, signal: story.signal },
  );
}
