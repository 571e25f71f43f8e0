import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeGitHub } from '../fakes/fake-github.ts';
import { artifactWith, type Harness, runPayload, startHarness } from './bot-harness.ts';

let harness: Harness;
let github: FakeGitHub;
let merge: string;
beforeEach(async () => {
  harness = await startHarness();
  github = harness.github;
  github.git.commit('main', { 'params.yaml': 'trees: 40\n', 'old.txt': 'old\n', 'README.md': '1\n' });
  merge = github.git.commit('main', { 'params.yaml': 'trees: 80\n', 'old.txt': null, 'new.txt': 'new\n' });
});
afterEach(() => harness.close());

/** What a job of the run hands over. */
const record = (change: Record<string, unknown> = {}) => ({
  kind: 'deployment-record',
  version: 1,
  repository: 'acme/flight-delays',
  environment: 'production',
  deployment: 30,
  model: 'flight-delay',
  release: '1.1.0',
  tag: 'flight-delay@v1.1.0',
  sha256: 'd'.repeat(64),
  commit: merge,
  outcome: 'failure',
  reason: '25 %: score PSI 0.4 over 0.25',
  at: '2026-11-21T11:00:00Z',
  ...change,
});

async function promote(records: Record<string, unknown>, run: Record<string, unknown> = {}) {
  const artifacts = Object.entries(records).map(([name, one]) => [name, artifactWith('deployment.json', one)]);
  github.artifacts.set(900, Object.fromEntries(artifacts));
  await harness.deliver(
    'workflow_run',
    runPayload('promote', { head_sha: github.git.refs.get('heads/main'), conclusion: 'failure', ...run }),
  );
}
const fail = (change: Record<string, unknown> = {}, run: Record<string, unknown> = {}) =>
  promote({ 'pulltrain-deployment-production': record(change) }, run);

const ledger = (path: string) => JSON.parse(github.git.text('ledger', path) ?? 'null');
const quarantine = () => ledger('quarantine/flight-delay/1.1.0.json');

describe('a release that failed', () => {
  it('is quarantined and its change taken back by a pull request', async () => {
    github.git.commit('main', { 'README.md': '2\n' });
    await fail();
    expect(quarantine()).toEqual({
      kind: 'quarantine',
      version: 1,
      model: 'flight-delay',
      release: '1.1.0',
      sha256: 'd'.repeat(64),
      reason: '25 %: score PSI 0.4 over 0.25',
      at: '2026-11-21T11:00:00Z',
    });
    const branch = 'pulltrain/revert-flight-delay-v1.1.0';
    expect(github.issues).toEqual([
      expect.objectContaining({ title: 'Revert flight-delay v1.1.0', labels: ['rollback'], state: 'open' }),
    ]);
    expect(github.git.text(branch, 'params.yaml')).toBe('trees: 40\n');
    expect(github.git.text(branch, 'old.txt')).toBe('old\n');
    expect(github.git.text(branch, 'new.txt')).toBeNull();
    expect(github.git.text(branch, 'README.md')).toBe('2\n');
  });

  it('is answered once, even when its pull request was closed since', async () => {
    await fail();
    Object.assign(github.issues[0] ?? {}, { state: 'closed' });
    await fail();
    expect(github.issues).toHaveLength(1);
  });

  it('gets an issue when a file has changed since', async () => {
    github.git.commit('main', { 'params.yaml': 'trees: 160\n' });
    await fail();
    await fail();
    expect(github.issues).toEqual([
      expect.objectContaining({ pull: null, body: expect.stringContaining('- `params.yaml`') }),
    ]);
    expect(quarantine()).toMatchObject({ release: '1.1.0' });
  });

  it('gets an issue when its change touched a workflow, which the App cannot write', async () => {
    merge = github.git.commit('main', { '.github/workflows/train.yml': 'on: push\n' });
    await fail();
    expect(github.issues).toEqual([
      expect.objectContaining({ pull: null, body: expect.stringContaining('.github/workflows/train.yml') }),
    ]);
  });

  it('gets nothing more when its change was taken back already', async () => {
    github.git.commit('main', { 'params.yaml': 'trees: 40\n', 'old.txt': 'old\n', 'new.txt': null });
    await fail();
    expect(github.issues).toEqual([]);
    expect(quarantine()).not.toBeNull();
  });

  it('gets an issue when its commit has no parent', async () => {
    merge = github.git.commit('root', { 'a.txt': '1' });
    await fail();
    expect(github.issues).toEqual([expect.objectContaining({ pull: null })]);
  });

  it('shows a hostile reason as plain text', async () => {
    await fail({ reason: '@everyone <!-- x --> fixes #1 [a](http://evil)' });
    expect(github.issues[0]?.body).not.toMatch(/@everyone|(?<!\\)<!-- x|fixes #1|(?<!\\)\]\(http/);
  });
});

describe('the end of a rollout', () => {
  it('is recorded, and a success is what is live from then on', async () => {
    await promote({
      'pulltrain-deployment-staging': record({ environment: 'staging', deployment: 29, outcome: 'success' }),
      'pulltrain-deployment-production': record({ outcome: 'success' }),
      unrelated: { anything: true },
    });
    expect(ledger('deployments/flight-delay/production/30.json')).toEqual(record({ outcome: 'success' }));
    expect(ledger('live/flight-delay/production.json')).toMatchObject({ deployment: 30, release: '1.1.0' });
    expect(ledger('live/flight-delay/staging.json')).toMatchObject({ deployment: 29 });
    expect(quarantine()).toBeNull();
    expect(github.issues).toEqual([]);
  });

  it('that is told late does not replace what a newer deployment put there', async () => {
    await fail({ outcome: 'success', deployment: 31, release: '1.2.0', tag: 'flight-delay@v1.2.0' });
    await fail({ outcome: 'success' });
    expect(ledger('live/flight-delay/production.json')).toMatchObject({ release: '1.2.0' });
    expect(ledger('deployments/flight-delay/production/30.json')).not.toBeNull();
  });

  it('leaves live what was live when it failed or broke', async () => {
    await fail({ outcome: 'success', deployment: 20, release: '1.0.0', tag: 'flight-delay@v1.0.0' });
    await fail();
    await fail({ outcome: 'error', deployment: 32 });
    expect(ledger('live/flight-delay/production.json')).toMatchObject({ release: '1.0.0' });
  });

  it('that broke says nothing about the model', async () => {
    await fail({ outcome: 'error' });
    expect(quarantine()).toBeNull();
    expect(github.issues).toEqual([]);
  });

  it('is told twice without a second commit', async () => {
    await fail({ outcome: 'success' });
    const before = github.git.refs.get('heads/ledger');
    await fail({ outcome: 'success', at: '2026-11-21T12:00:00Z' });
    expect(github.git.refs.get('heads/ledger')).toBe(before);
  });

  it('that cannot be read keeps no other back', async () => {
    await promote({ 'pulltrain-deployment-a': '{', 'pulltrain-deployment-b': record() });
    expect(quarantine()).not.toBeNull();
    expect(harness.log.join('')).toContain('pulltrain-deployment-a');
  });
});

describe('somebody who may push, but not to the default branch,', () => {
  let forged: string;
  beforeEach(() => {
    github.git.refs.set('heads/attempt', merge);
    github.git.commit('attempt', { '.github/workflows/promote.yml': 'on: push\n' });
    forged = github.git.refs.get('heads/attempt') ?? '';
  });

  it.each([
    ['a branch of theirs', () => ({ head_branch: 'attempt', head_sha: forged })],
    ['a tag that has the name of the default branch', () => ({ head_branch: 'main', head_sha: forged })],
    ['a dispatched tag of that name', () => ({ event: 'workflow_dispatch', head_sha: forged })],
    ['a fork', () => ({ head_repository: { id: 43 } })],
    ['a pull request', () => ({ event: 'pull_request' })],
    ['a workflow of another name', () => ({ path: '.github/workflows/promote2.yml' })],
  ])('cannot have a version quarantined or shown as live by a run of %s', async (_, run) => {
    await promote(
      {
        'pulltrain-deployment-production': record(),
        'pulltrain-deployment-staging': record({ environment: 'staging', deployment: 99, outcome: 'success' }),
      },
      run(),
    );
    expect(github.git.refs.has('heads/ledger')).toBe(false);
    expect(github.issues).toEqual([]);
  });

  it('cannot do it by a deployment status either', async () => {
    await harness.deliver('deployment_status', {
      ...runPayload('promote'),
      action: 'created',
      deployment_status: { id: 31, state: 'failure', description: '', created_at: '2026-11-21T11:00:00Z' },
      deployment: { id: 30, sha: merge, environment: 'production', payload: record() },
    });
    expect(github.git.refs.has('heads/ledger')).toBe(false);
    expect(github.issues).toEqual([]);
  });
});
