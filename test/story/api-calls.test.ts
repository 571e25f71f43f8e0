import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addLateRates } from '../../sandbox/story/changes/add-late-rates.ts';
import { editParams } from '../../sandbox/story/changes/edit-params.ts';
import { firstModel } from '../../sandbox/story/changes/first-model.ts';
import type { Edits } from '../../sandbox/story/open-person.ts';
import { mergePull } from '../../sandbox/story/steps/merge-pull.ts';
import { openPull } from '../../sandbox/story/steps/open-pull.ts';
import { waitForRun } from '../../sandbox/story/steps/wait-for-run.ts';
import { repository, type Story } from '../../sandbox/story/story.ts';
import { judgePull } from './judge-pull.ts';
import { openSmallWorld } from './open-small-world.ts';

const minutes = 60_000;
/** More than one page of whatever GitHub lists. */
const many = 120;
const promoteFile = '.github/workflows/promote.yml';
const trainFile = '.github/workflows/train.yml';

describe("GitHub API calls of one pull request's update", () => {
  let world: Awaited<ReturnType<typeof openSmallWorld>>;
  /** Every REST call of the App and of jobs, in the order of their answers. */
  const calls: string[] = [];

  beforeAll(async () => {
    world = await openSmallWorld({
      requestLog({ actor, method, route }) {
        if (actor === 'app' || actor === 'job') calls.push(`${actor} ${method} ${route}`);
      },
    });
    await releaseFirstModel(world.story);
    await quiet();
  }, 4 * minutes);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  }, minutes);

  /** Until nobody has called for two seconds. */
  async function quiet(): Promise<void> {
    for (let before = -1; before !== calls.length; ) {
      before = calls.length;
      await delay(2000);
    }
  }

  /** The calls of everything that one pull request sets off, sorted. */
  async function callsOf(title: string, edits: Edits): Promise<string[]> {
    const { story } = world;
    calls.length = 0;
    const pull = await submit(story, title, edits);
    const { judgement } = await judgePull(story, pull);
    expect(judgement.evaluated).toMatchObject({ problems: [], base: { tag: 'flight-delay@v1.0.0' } });
    await quiet();
    return calls.toSorted();
  }

  it(
    `are under thirty, and the same among ${many} other pull requests, releases and issues`,
    async () => {
      const { story } = world;
      const first = await callsOf('Fewer trees', trees(story, 12));
      expect(first.length).toBeGreaterThan(5);
      expect(first.length).toBeLessThan(30);

      await fill(story);
      await quiet();
      expect(await callsOf('Even fewer trees', trees(story, 10))).toEqual(first);
    },
    6 * minutes,
  );
});

function submit(story: Story, title: string, edits: Edits) {
  return openPull(story, {
    author: story.maya,
    branch: title.toLowerCase().replaceAll(' ', '-'),
    title,
    body: '',
    edits: { ...firstModel(story.example), ...edits },
    work: (directory) =>
      story.addData(directory, {
        path: 'data/flights-2001-03.parquet',
        table: story.tables.firstSnapshot,
        store: 'training',
      }),
  });
}

function trees(story: Story, count: number): Edits {
  const rated = addLateRates(story.example);
  return { ...rated, ...editParams(rated, (params) => params.setIn(['train', 'trees'], count)) };
}

/** A base for the comparisons that follow; its rollout is no part of them. */
async function releaseFirstModel(story: Story): Promise<void> {
  const [publish = ''] = (story.example[promoteFile] ?? '').split('\n  staging:');
  await story.dana.push({ branch: 'main', message: 'Publish only', edits: { [promoteFile]: `${publish}\n` } });
  const pull = await submit(story, 'First model', trees(story, 15));
  await judgePull(story, pull);
  const commit = await mergePull(story, { pull, by: story.maya, method: 'squash' });
  const promotion = await waitForRun(story, { workflow: 'promote.yml', headSha: commit });
  expect(promotion.conclusion).toBe('success');
}

/** Pull requests that train nothing, releases of this model and of others, issues: many of each. */
async function fill(story: Story): Promise<void> {
  const { octokit } = story.maya;
  const { data: main } = await octokit.rest.repos.getCommit({ ...repository, ref: 'main' });
  const { data: tree } = await octokit.rest.git.createTree({
    ...repository,
    base_tree: main.commit.tree.sha,
    // Without it, a pull request starts no training.
    tree: [{ path: trainFile, mode: '100644', type: 'blob', sha: null }],
  });
  const numbers = Array.from({ length: many }, (_, index) => index + 1);
  while (numbers.length > 0) {
    await Promise.all(
      numbers.splice(0, 8).map(async (number) => {
        const { data: commit } = await octokit.rest.git.createCommit({
          ...repository,
          message: `Idea ${number}`,
          tree: tree.sha,
          parents: [main.sha],
        });
        const head = `idea-${number}`;
        await octokit.rest.git.createRef({ ...repository, ref: `refs/heads/${head}`, sha: commit.sha });
        await octokit.rest.pulls.create({ ...repository, title: `Idea ${number}`, head, base: 'main' });
        const model = number % 2 === 0 ? 'flight-delay' : 'taxi-time';
        await octokit.rest.repos.createRelease({ ...repository, tag_name: `${model}@v0.${number}.0`, body: 'Old' });
        await octokit.rest.issues.create({ ...repository, title: `Question ${number}` });
      }),
    );
  }
}
