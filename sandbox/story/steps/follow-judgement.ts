import { judgedStep } from '../count-calls.ts';
import { checkName, pageUrl, repository, type Story } from '../story.ts';
import type { Outcome } from '../timeline.ts';
import { waitUntil } from '../wait-until.ts';
import type { OpenPull } from './open-pull.ts';
import { waitForRun } from './wait-for-run.ts';

/** Watches one pull request train, be judged and get its check and comment. */
export async function followJudgement(story: Story, pull: OpenPull): Promise<void> {
  const { timeline } = story;
  const trained = await timeline.step(
    'The GPU runner trains it',
    () => waitForRun(story, { workflow: 'train.yml', headSha: pull.headSha }),
    (run) => ({ url: pageUrl(story, `actions/runs/${run.id}`), note: run.conclusion, outcome: outcomeOf(run) }),
  );
  await timeline.step(
    'The default branch judges it on the holdout',
    () => waitForRun(story, { workflow: 'judge.yml', afterId: trained.id }),
    (run) => ({ url: pageUrl(story, `actions/runs/${run.id}`), note: run.conclusion, outcome: outcomeOf(run) }),
  );
  await timeline.step(
    judgedStep,
    () => waitForCheck(story, pull.headSha),
    (check) => ({ url: pageUrl(story, `pull/${pull.number}`), note: check.title, outcome: outcomeOf(check) }),
  );
}

function outcomeOf({ conclusion }: { conclusion: string }): Outcome {
  return conclusion === 'success' ? 'good' : 'bad';
}

function waitForCheck(story: Story, headSha: string): Promise<{ title: string; conclusion: string }> {
  return waitUntil(
    async () => {
      const { data } = await story.maya.octokit.rest.checks.listForRef({
        ...repository,
        ref: headSha,
        check_name: checkName,
      });
      const check = data.check_runs.find(({ status }) => status === 'completed');
      const conclusion = check?.conclusion ?? '';
      return check === undefined ? null : { title: check.output.title ?? conclusion, conclusion };
    },
    { what: `the check ${checkName}`, where: pageUrl(story, 'pulls'), timeoutMs: 60_000, signal: story.signal },
  );
}
