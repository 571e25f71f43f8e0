import type { Judgement } from '../../pipelines/contracts/judgement.ts';
import { readJudgement } from '../../sandbox/story/read-ledger.ts';
import { followJudgement } from '../../sandbox/story/steps/follow-judgement.ts';
import type { OpenPull } from '../../sandbox/story/steps/open-pull.ts';
import { checkName, repository, type Story } from '../../sandbox/story/story.ts';

/** What a person finds at a pull request that was judged, and what the ledger keeps of it. */
export type JudgedPull = {
  judgement: Judgement;
  /** Bodies of the App's comments, oldest first. */
  comments: string[];
  check: { conclusion: string | null; title: string | null };
};

/** Waits for the judgement of a pull request and reads all that it left. */
export async function judgePull(story: Story, pull: OpenPull): Promise<JudgedPull> {
  await followJudgement(story, pull);
  const { octokit } = story.maya;
  const judgement = await readJudgement(octokit, pull.headSha);
  if (judgement === null) throw new Error(`no judgement of ${pull.title} in the ledger`);
  const comments = await octokit.rest.issues.listComments({ ...repository, issue_number: pull.number });
  const checks = await octokit.rest.checks.listForRef({ ...repository, ref: pull.headSha, check_name: checkName });
  const [check] = checks.data.check_runs;
  return {
    judgement,
    comments: comments.data
      .filter(({ user }) => user?.login === 'pulltrain[bot]')
      .map(({ body, body_text: text }) => body ?? text ?? ''),
    check: { conclusion: check?.conclusion ?? null, title: check?.output.title ?? null },
  };
}
