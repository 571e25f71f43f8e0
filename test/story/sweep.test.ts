import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SweepResult, sweepResultSchema } from '../../pipelines/contracts/sweep.ts';
import { firstModel } from '../../sandbox/story/changes/first-model.ts';
import { openPull } from '../../sandbox/story/steps/open-pull.ts';
import { repository } from '../../sandbox/story/story.ts';
import { waitUntil } from '../../sandbox/story/wait-until.ts';
import { openSmallWorld } from './open-small-world.ts';

const minutes = 60_000;

describe('a sweep in a pull request', () => {
  let world: Awaited<ReturnType<typeof openSmallWorld>>;
  let pull: Awaited<ReturnType<typeof openPull>>;

  beforeAll(async () => {
    world = await openSmallWorld();
    const { story } = world;
    await story.dana.push({
      branch: 'main',
      message: 'Rank trials on June',
      edits: {
        'pulltrain.yml': (story.example['pulltrain.yml'] ?? '').replace(
          /^ {4}sweep:\n( {6}.*\n)+/m,
          '    sweep:\n      space: { train.trees: [1, 8] }\n      validation: { data: data/validation.parquet }\n',
        ),
      },
      work: (directory) =>
        story.addData(directory, {
          path: 'data/validation.parquet',
          table: story.tables.juneHoldout,
          store: 'holdout',
        }),
    });
    const { 'pulltrain.yml': _, ...model } = firstModel(story.example);
    pull = await openPull(story, {
      author: story.maya,
      branch: 'first',
      title: 'First model',
      body: '',
      edits: model,
      work: (directory) =>
        story.addData(directory, {
          path: 'data/flights-2001-03.parquet',
          table: story.tables.firstSnapshot,
          store: 'training',
        }),
    });
  }, 4 * minutes);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  async function say(body: string): Promise<number> {
    const { octokit } = world.story.maya;
    return (await octokit.rest.issues.createComment({ ...repository, issue_number: pull.number, body })).data.id;
  }

  /** The App's answer to a comment, once it says what is waited for. */
  function answerTo(comment: number, words: string): Promise<string> {
    const { story } = world;
    return waitUntil(
      async () => {
        const { data } = await story.maya.octokit.rest.issues.listComments({
          ...repository,
          issue_number: pull.number,
        });
        const answer = data.find(({ body }) => body?.startsWith(`<!-- pulltrain:reply comment=${comment} -->`))?.body;
        return answer?.includes(words) === true ? answer : null;
      },
      { what: `an answer with "${words}"`, where: story.url, timeoutMs: 3 * minutes, signal: story.signal },
    );
  }

  /** What the ledger keeps of a rung; the comment is there a moment earlier. */
  function resultOf(comment: number, rung = 1): Promise<SweepResult> {
    const { story } = world;
    const path = `sweeps/${pull.number}/${comment}/rung-${rung}.json`;
    return waitUntil(
      async () => {
        const found = await story.maya.octokit.rest.repos
          .getContent({ ...repository, path, ref: 'refs/heads/ledger' })
          .catch(() => null);
        if (found === null || !('content' in found.data)) return null;
        return sweepResultSchema.parse(JSON.parse(Buffer.from(found.data.content, 'base64').toString('utf8')));
      },
      { what: path, where: story.url, timeoutMs: minutes, signal: story.signal },
    );
  }

  it(
    'trains every combination as a job of its own, ranks them on rows that no trial saw, and takes the best one over',
    async () => {
      const comment = await say('/sweep');
      expect(await answerTo(comment, 'trained')).toContain('2 trials are being trained');
      const table = await answerTo(comment, 'is best');
      const result = await resultOf(comment);

      expect(result).toMatchObject({ basis: 'verified', metric: 'roc_auc', rung: 1, rungs: 1, winner: 2 });
      expect(result.trials.map(({ number, rank, status }) => [number, rank, status])).toEqual([
        [2, 1, 'ranked'],
        [1, 2, 'ranked'],
      ]);
      expect(result.trials.every(({ interval }) => interval !== null)).toBe(true);
      expect(new Set(result.trials.map(({ key }) => key)).size).toBe(2);
      expect(table).toContain('**Verified**');
      expect(table).toContain('`/sweep apply`');

      const applied = await answerTo(await say('/sweep apply'), 'Trial 2');
      const { octokit } = world.story.maya;
      const { data: now } = await octokit.rest.pulls.get({ ...repository, pull_number: pull.number });
      const { data: commit } = await octokit.rest.git.getCommit({ ...repository, commit_sha: now.head.sha });
      const { data: file } = await octokit.rest.repos.getContent({
        ...repository,
        path: 'params.yaml',
        ref: now.head.sha,
      });
      const params = 'content' in file ? Buffer.from(file.content, 'base64').toString('utf8') : '';
      expect(applied).toContain(now.head.sha.slice(0, 7));
      expect(commit.parents.map(({ sha }) => sha)).toEqual([pull.headSha]);
      expect(params).toBe((world.story.example['params.yaml'] ?? '').replace('trees: 40', 'trees: 8'));
    },
    5 * minutes,
  );

  it(
    'halves over several runs of the workflow',
    async () => {
      const comment = await say('/sweep train.leaves=2,20 --halving train.trees=1..4 --keep 2');
      await answerTo(comment, 'is best');
      const [first, last] = [await resultOf(comment, 1), await resultOf(comment, 3)];

      expect(first.trials.map(({ parameters }) => parameters['train.trees'])).toEqual([1, 1]);
      expect(last.trials).toEqual([
        expect.objectContaining({ number: last.winner, parameters: expect.objectContaining({ 'train.trees': 4 }) }),
      ]);
    },
    5 * minutes,
  );
});
