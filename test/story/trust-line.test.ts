import { readFileSync } from 'node:fs';
import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Judgement } from '../../pipelines/contracts/judgement.ts';
import { editParams } from '../../sandbox/story/changes/edit-params.ts';
import { firstModel } from '../../sandbox/story/changes/first-model.ts';
import type { Edits } from '../../sandbox/story/open-person.ts';
import { readJudgement } from '../../sandbox/story/read-ledger.ts';
import { followJudgement } from '../../sandbox/story/steps/follow-judgement.ts';
import { openPull } from '../../sandbox/story/steps/open-pull.ts';
import { waitForRun } from '../../sandbox/story/steps/wait-for-run.ts';
import { model, repository } from '../../sandbox/story/story.ts';
import { waitUntil } from '../../sandbox/story/wait-until.ts';
import { openSmallWorld } from './open-small-world.ts';

const minutes = 60_000;

/** A policy under which anything passes. */
function emptyGates(policy: string): string {
  return policy
    .replace(/noninferior: [\d.]+/, 'noninferior: 0.9')
    .replace(/min: 0\.6/, 'min: 0.01')
    .replace(/threshold: [\d.]+/, 'threshold: 0.99');
}

const forgedPromotion = readFileSync(new URL('../fixtures/forged-promotion.yml', import.meta.url), 'utf8');

async function readLive(octokit: Octokit): Promise<unknown> {
  const { data } = await octokit.rest.repos.getContent({
    ...repository,
    path: `live/${model}/staging.json`,
    ref: 'refs/heads/ledger',
  });
  return 'content' in data ? JSON.parse(Buffer.from(data.content, 'base64').toString('utf8')) : null;
}

describe('the trust line', () => {
  let world: Awaited<ReturnType<typeof openSmallWorld>>;
  let pulls = 0;

  beforeAll(async () => {
    world = await openSmallWorld();
  }, 3 * minutes);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  /** Opens a pull request that brings the pipeline and these edits, and waits for its judgement. */
  async function judge(
    edits: Edits,
    tables: 'first' | 'rated' = 'rated',
  ): Promise<{ judgement: Judgement; comment: string; conclusion: string | null }> {
    const { story } = world;
    pulls += 1;
    const pull = await openPull(story, {
      author: story.maya,
      branch: `attempt-${pulls}`,
      title: `Attempt ${pulls}`,
      body: '',
      edits: { ...firstModel(story.example), ...edits },
      work: (directory) =>
        story.addData(directory, {
          path: 'data/flights-2001-03.parquet',
          table: tables === 'first' ? story.tables.firstSnapshot : story.tables.ratedSnapshot,
          store: 'training',
        }),
    });
    await followJudgement(story, pull);
    const { octokit } = story.maya;
    const judgement = await readJudgement(octokit, pull.headSha);
    if (judgement === null) throw new Error('no judgement in the ledger');
    const comments = await octokit.rest.issues.listComments({ ...repository, issue_number: pull.number });
    const checks = await octokit.rest.checks.listForRef({
      ...repository,
      ref: pull.headSha,
      check_name: `pulltrain / ${model}`,
    });
    return {
      judgement,
      comment: comments.data.map(({ body }) => body).join('\n'),
      conclusion: checks.data.check_runs[0]?.conclusion ?? null,
    };
  }

  it(
    'gates on what it measured, whatever metrics.json says',
    async () => {
      const { example } = world.story;
      const worse = editParams(example, (params) => {
        params.setIn(['train', 'from'], '2001-03-25');
        params.setIn(['train', 'validation_days'], 1);
        params.setIn(['train', 'trees'], 3);
      });
      const program = example['src/train.ts'] ?? '';
      const honest = await judge(worse);
      const lying = await judge({
        ...worse,
        'src/train.ts': `${program}\nawait import('node:fs').then((fs) => fs.writeFileSync('out/metrics.json', '{"validation_roc_auc": 0.999}'));\n`,
      });

      expect(honest.judgement.evaluated.problems).toEqual([]);
      expect(lying.judgement.evaluated.run?.reportedMetrics).toEqual({ validation_roc_auc: 0.999 });
      expect(lying.judgement.evaluated.headEvaluation?.sha256).toBe(honest.judgement.evaluated.headEvaluation?.sha256);
      expect(lying.judgement.comparison?.metrics).toEqual(honest.judgement.comparison?.metrics);
      expect(lying.judgement.verdict.status).toBe(honest.judgement.verdict.status);
    },
    4 * minutes,
  );

  it(
    'applies the gates of the default branch, and shows the edited ones',
    async () => {
      const { example } = world.story;
      // Distance alone says next to nothing: far below the least ROC AUC of the policy.
      const params = (example['params.yaml'] ?? '').replace(/^ {2}- (hour|weekday).*\n/gm, '');
      const { judgement, comment, conclusion } = await judge({
        'params.yaml': params,
        'pulltrain.yml': emptyGates(example['pulltrain.yml'] ?? ''),
      });

      expect(judgement.evaluated.policyChanges.length).toBeGreaterThan(0);
      expect(judgement.evaluated.headEvaluation?.threshold).not.toBe(0.99);
      expect(judgement.verdict.gates.some(({ gate }) => gate.includes('0.9'))).toBe(false);
      expect(comment).toMatch(/policy/i);
      expect(judgement.verdict.status).not.toBe('pass');
      expect(conclusion).not.toBe('success');
    },
    4 * minutes,
  );

  it(
    "runs the default branch's evaluator, not an edited one",
    async () => {
      const { example } = world.story;
      const judgeFile = '.github/workflows/judge.yml';
      const forged = (example[judgeFile] ?? '').replaceAll('pulltrain/pulltrain/actions/evaluate', './evaluate');
      const { judgement } = await judge({
        [judgeFile]: forged,
        'evaluate/action.yml': 'name: forged\nruns: { using: node24, main: x.js }\n',
      });

      expect(judgement.evaluated.problems).toEqual([]);
      expect(judgement.evaluated.headEvaluation?.metrics.find(({ name }) => name === 'roc_auc')?.value).toBeLessThan(
        0.75,
      );
    },
    4 * minutes,
  );

  it(
    'keeps the holdout from a training job that asks for its environment',
    async () => {
      const { story } = world;
      const trainFile = '.github/workflows/train.yml';
      const greedy = (story.example[trainFile] ?? '').replace(
        /\n {4}permissions:/,
        '\n    environment: holdout\n    permissions:',
      );
      const pull = await openPull(story, {
        author: story.maya,
        branch: 'greedy',
        title: 'Greedy',
        body: '',
        edits: { ...firstModel(story.example), [trainFile]: greedy },
      });
      const run = await waitForRun(story, { workflow: 'train.yml', headSha: pull.headSha });
      const jobs = await story.maya.octokit.rest.actions.listJobsForWorkflowRun({ ...repository, run_id: run.id });

      expect(greedy).toContain('environment: holdout');
      expect(run.conclusion).toBe('failure');
      expect(
        jobs.data.jobs.flatMap(({ steps }) => steps ?? []).filter(({ conclusion }) => conclusion === 'success'),
      ).toEqual([]);
    },
    2 * minutes,
  );

  it(
    'neither quarantines a version nor believes one to be live because a workflow outside of the default branch says so',
    async () => {
      const { story } = world;
      const { maya, dana } = story;
      const promoteFile = '.github/workflows/promote.yml';
      const stranger = await maya.push({
        branch: 'stranger',
        message: 'Stranger',
        edits: { [promoteFile]: forgedPromotion },
      });
      const branchRun = await waitForRun(story, { workflow: 'promote.yml', headSha: stranger });
      // The name of the default branch, and a commit that it does not contain.
      await maya.octokit.rest.git.createRef({ ...repository, ref: 'refs/tags/main', sha: stranger });
      const tagRun = await waitForRun(story, { workflow: 'promote.yml', headSha: stranger, afterId: branchRun.id });
      await maya.octokit.rest.git.deleteRef({ ...repository, ref: 'tags/main' });
      const deployments = await maya.octokit.rest.repos.listDeployments({ ...repository, task: `pulltrain:${model}` });

      expect([branchRun.conclusion, tagRun.conclusion]).toEqual(['success', 'success']);
      expect(deployments.data.map(({ environment }) => environment).sort()).toEqual([
        'production',
        'production',
        'staging',
        'staging',
      ]);

      // The same from the default branch is obeyed; and whatever came before it has been worked off by then.
      const merged = await dana.push({
        branch: 'main',
        message: 'A promotion that fails',
        edits: { [promoteFile]: forgedPromotion.replaceAll('6.6.6', '9.9.9') },
      });
      await waitForRun(story, { workflow: 'promote.yml', headSha: merged });
      const files = await waitUntil(
        async () => {
          const tree = await maya.octokit.rest.git
            .getTree({ ...repository, tree_sha: 'ledger', recursive: 'true' })
            .catch(() => null);
          const paths = tree?.data.tree.flatMap(({ type, path }) => (type === 'blob' ? [path] : [])) ?? [];
          return paths.some((path) => path.startsWith('quarantine/')) ? paths : null;
        },
        { what: 'a quarantined version', where: story.url, timeoutMs: minutes, signal: story.signal },
      );
      expect(files.filter((path) => path.startsWith('quarantine/'))).toEqual([`quarantine/${model}/9.9.9.json`]);
      const live = await readLive(maya.octokit);
      expect(live).toMatchObject({ release: '9.9.9', environment: 'staging' });
    },
    3 * minutes,
  );
});
