import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SweepPlan, SweepResult, Trial } from '../../pipelines/contracts/sweep.ts';
import { planRung } from '../../pipelines/sweeps/plan-rung.ts';
import { rankTrials } from '../../pipelines/sweeps/rank-trials.ts';
import { type FakeGitHub, newIssue, Refusal } from '../fakes/fake-github.ts';
import { artifactWith, commentPayload, config, type Harness, runPayload, startHarness } from './bot-harness.ts';

const parameters = '# how it learns\ntrain:\n  lr: 0.1 # slow\n  trees: 40\n';

let harness: Harness;
let github: FakeGitHub;
let head: string;
beforeEach(async () => {
  harness = await startHarness();
  github = harness.github;
  github.permissions.set('maya', 'write');
  github.git.commit('main', { 'pulltrain.yml': config });
  head = github.git.commit('rates', { 'params.yaml': parameters, 'pulltrain.yml': config.replace('roc_auc', 'brier') });
  newIssue(github, { title: 'an issue' });
  newIssue(github, { pull: { head: 'rates', headSha: head, base: 'main' } });
});
afterEach(() => harness.close());

const command = (body: string, id = 55, number = 2) =>
  harness.deliver(
    'issue_comment',
    commentPayload(body, { id, issue: { number, ...(number === 2 ? { pull_request: {} } : {}) } }),
  );
const answer = (id = 55) =>
  github.comments.find(({ body }) => body.startsWith(`<!-- pulltrain:reply comment=${id} -->`))?.body ?? '';
const ledger = (path: string) => JSON.parse(github.git.text('ledger', path) ?? 'null');
const plan = (id = 55): SweepPlan => ledger(`sweeps/2/${id}/plan.json`);
const dispatched = (): Trial[] => JSON.parse(github.dispatches.at(-1)?.inputs.trials ?? '[]');

/** What the rank job of the default branch hands over: trials are as good as `value` says of their number. */
function rank(rung: number, value: (number: number) => number | null, before: SweepResult[] = []): SweepResult {
  const outcomes = planRung(plan(), before).map((trial) => {
    const got = value(trial.number);
    const note = got === null ? 'it | broke <!-- @all' : '';
    return {
      ...trial,
      status: got === null ? ('failed' as const) : ('ranked' as const),
      value: got,
      interval: null,
      sha256: null,
      key: null,
      note,
    };
  });
  return rankTrials({ id: '2-55', plan: plan() }, rung, outcomes, {
    basis: 'reported',
    rankedAt: '2026-11-21T12:00:00Z',
  });
}

async function hand(result: SweepResult | null, run: Record<string, unknown> = {}) {
  github.artifacts.set(900, result === null ? {} : { 'pulltrain-sweep': artifactWith('sweep-result.json', result) });
  const display_title = `Rank Sweep 2-55 rung ${result?.rung ?? 1}`;
  await harness.deliver('workflow_run', runPayload('rank', { event: 'workflow_run', display_title, ...run }));
}

describe('/sweep on a pull request', () => {
  it('records the plan, starts a job for each trial on the branch, and says so', async () => {
    await command('/sweep train.lr=0.1,0.2 train.trees=10..12');
    expect(plan()).toMatchObject({
      commit: head,
      method: 'grid',
      pull: { number: 2, headRef: 'rates', comment: 55, issuedBy: 'maya' },
    });
    // Policy is the default branch's.
    expect(plan().metric).toMatchObject({ name: 'roc_auc', goal: 'higher' });
    expect(github.dispatches).toEqual([
      {
        workflow: 'sweep.yml',
        ref: 'refs/heads/rates',
        inputs: expect.objectContaining({ sweep: '2-55', rung: '1', commit: head, model: 'flight-delay' }),
      },
    ]);
    expect(dispatched()).toHaveLength(6);
    expect(dispatched()[0]).toEqual({ number: 1, parameters: { 'train.lr': 0.1, 'train.trees': 10 } });
    expect(answer()).toContain('[6 trials are being trained](https://github.test/actions/runs/1)');
    expect(ledger('audit/55.json')).toMatchObject({ command: 'sweep', outcome: 'done', by: 'maya' });
  });

  it('starts nothing twice for one comment', async () => {
    await command('/sweep train.lr=0.1,0.2');
    await command('/sweep train.lr=0.1,0.2');
    expect(github.dispatches).toHaveLength(1);
  });

  it.each([
    ['nothing to vary', '/sweep', 'models.flight-delay.sweep'],
    ['a parameter that the branch does not have', '/sweep train.moon=1,2', 'train.moon'],
    ['a file that the branch does not have', '/sweep other.yaml:a=1,2', 'other.yaml'],
    ['a file outside of the repository', '/sweep ../x.yaml:a=1,2', '../x.yaml'],
    ['too many trials', '/sweep train.trees=1..1000', '256'],
    ['what is no parameter', '/sweep flight-delay lr', 'name=4..8'],
    ['an unknown model', '/sweep moon train.lr=1,2', 'moon'],
    ['what is no model', '/sweep <b> train.lr=1,2', 'neither'],
    ['applying what is no trial', '/sweep apply best', 'number of one trial'],
    ['applying before anything has ended', '/sweep apply', 'No sweep'],
  ])('refuses %s with a sentence, and starts nothing', async (_, body, said) => {
    await command(body);
    expect(answer()).toContain(said);
    expect(github.dispatches).toEqual([]);
    expect(plan()).toBeNull();
  });

  it.each([
    ['a reader', () => github.permissions.set('maya', 'read'), 'write access'],
    ['a branch of a fork', () => Object.assign(github.issues[1]?.pull ?? {}, { repositoryId: 43 }), 'fork'],
    ['a closed pull request', () => Object.assign(github.issues[1] ?? {}, { state: 'closed' }), 'closed'],
    [
      'a pull request into another branch',
      () => Object.assign(github.issues[1]?.pull ?? {}, { base: 'dev' }),
      'default branch',
    ],
  ])('is not for %s', async (_, change, said) => {
    change();
    await command('/sweep train.lr=0.1,0.2');
    expect(answer()).toContain(said);
    expect(github.dispatches).toEqual([]);
  });

  it('is not for issues', async () => {
    await command('/sweep train.lr=0.1,0.2', 55, 1);
    expect(answer()).toContain('pull requests');
  });

  it('says what is missing when GitHub does not start the workflow', async () => {
    github.onCall = (call) => {
      if (call.includes('/dispatches')) throw new Refusal(404, 'Not Found');
    };
    await command('/sweep train.lr=0.1,0.2');
    expect(answer()).toContain('sweep.yml');
  });
});

describe('the end of a sweep', () => {
  it('is a ranked table in the answer, a record, and a winner by rule', async () => {
    await command('/sweep train.lr=0.1,0.2,0.3');
    await hand(rank(1, (number) => [null, 0.6, 0.7, null][number] ?? null));
    expect(github.comments).toHaveLength(1);
    expect(answer()).toContain('trial 2 is best');
    expect(answer()).toMatch(/\| \*\*1\*\* +\| 2 +\| 0\.7000 +\| `0\.2`/);
    expect(answer()).toContain('**Reported**');
    expect(answer()).not.toContain('<!-- @all');
    expect(ledger('sweeps/2/55/rung-1.json')).toMatchObject({ winner: 2, rule: expect.stringContaining('highest') });
  });

  it('is told once: the first result of a rung counts', async () => {
    await command('/sweep train.lr=0.1,0.2');
    await hand(rank(1, (number) => number));
    await hand(rank(1, (number) => -number));
    expect(ledger('sweeps/2/55/rung-1.json').winner).toBe(2);
    expect(answer()).toContain('trial 2 is best');
  });

  it('starts the next rung with those that came through', async () => {
    await command('/sweep train.lr=0.1,0.2,0.3,0.4 --halving train.trees=10..20 --keep 2');
    const first = rank(1, (number) => number);
    await hand(first);
    expect(github.dispatches).toHaveLength(2);
    expect(dispatched()).toEqual([
      { number: 4, parameters: { 'train.lr': 0.4, 'train.trees': 20 } },
      { number: 3, parameters: { 'train.lr': 0.3, 'train.trees': 20 } },
    ]);
    expect(answer()).toContain('2 trials are being trained, rung 2 of 2');
    await hand(rank(2, (number) => -number, [first]));
    expect(answer()).toContain('trial 3 is best');
  });

  it.each([
    ['was cancelled', { conclusion: 'skipped' }],
    ['could not be ranked', { conclusion: 'failure' }],
  ])('is told when it %s', async (words, run) => {
    await command('/sweep train.lr=0.1,0.2');
    await hand(null, run);
    expect(answer()).toContain(
      `The sweep stopped in rung 1: it${words.startsWith('was') ? 's trials were cancelled' : ` ${words}`}`,
    );
  });

  it.each([
    ['a run of a branch', () => ({}), { head_branch: 'rates' }],
    ['a run that was pushed', () => ({}), { event: 'push' }],
    ['a result of another plan', () => ({ plan: `sha512-${'A'.repeat(86)}==` }), {}],
  ])('is not believed from %s', async (_, change, run) => {
    await command('/sweep train.lr=0.1,0.2');
    await hand({ ...rank(1, (number) => number), ...change() }, run);
    expect(ledger('sweeps/2/55/rung-1.json')).toBeNull();
    expect(answer()).toContain('being trained');
  });
});

describe('/sweep apply', () => {
  beforeEach(async () => {
    await command('/sweep train.lr=0.1,0.2,0.3 train.trees=80');
    await hand(rank(1, (number) => number));
  });

  it('puts the best parameters into the branch, in one commit, and nothing else of the file changes', async () => {
    await command('/sweep apply', 56);
    expect(github.git.text('rates', 'params.yaml')).toBe('# how it learns\ntrain:\n  lr: 0.3 # slow\n  trees: 80\n');
    const tip = github.git.commits.get(github.git.refs.get('heads/rates') ?? '');
    expect(tip).toMatchObject({ parents: [head], message: expect.stringContaining('trial 3') });
    expect(answer(56)).toContain('Trial 3 is on the branch now');
  });

  it('takes the trial that is named', async () => {
    await command('/sweep apply 2', 56);
    expect(github.git.text('rates', 'params.yaml')).toContain('lr: 0.2 # slow');
    await command('/sweep apply 9', 57);
    expect(answer(57)).toContain('no trial 9');
  });

  it('does nothing when a push came in between, and says so', async () => {
    github.onCall = (call) => {
      if (!call.endsWith('/git/commits') || !call.startsWith('POST')) return;
      github.onCall = () => undefined;
      github.git.commit('rates', { 'other.txt': 'x' });
    };
    await command('/sweep apply', 56);
    expect(github.git.text('rates', 'params.yaml')).toBe(parameters);
    expect(answer(56)).toContain('at the same time');
  });
});
