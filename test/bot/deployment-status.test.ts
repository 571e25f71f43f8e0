import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeGitHub } from '../fakes/fake-github.ts';
import { deploymentPayload, type Harness, startHarness } from './bot-harness.ts';

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

const payload = {
  kind: 'pulltrain-deployment',
  version: 1,
  model: 'flight-delay',
  release: '1.1.0',
  tag: 'flight-delay@v1.1.0',
  sha256: 'd'.repeat(64),
};

async function fail(status: Record<string, unknown> = {}, deployment: Record<string, unknown> = {}) {
  await harness.deliver('deployment_status', deploymentPayload(status, { sha: merge, payload, ...deployment }));
}

const quarantine = () => JSON.parse(github.git.text('ledger', 'quarantine/flight-delay/1.1.0.json') ?? 'null');

describe('a release that failed', () => {
  it('is quarantined and its change taken back by a pull request', async () => {
    github.git.commit('main', { 'README.md': '2\n' });
    await fail();
    expect(quarantine()).toEqual({
      kind: 'quarantine',
      version: 1,
      model: 'flight-delay',
      release: '1.1.0',
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

  it('is known by a payload that is text, too', async () => {
    await fail({}, { payload: JSON.stringify(payload) });
    expect(quarantine()).not.toBeNull();
  });

  it('shows a hostile reason as plain text', async () => {
    await fail({ description: '@everyone <!-- x --> fixes #1 [a](http://evil)' });
    expect(github.issues[0]?.body).not.toMatch(/@everyone|(?<!\\)<!-- x|fixes #1|(?<!\\)\]\(http/);
  });
});

describe('a deployment status', () => {
  it.each([
    ['success', { state: 'success' }, {}],
    ['in progress', { state: 'in_progress' }, {}],
    ['a broken deployment', { state: 'error' }, {}],
    ['of another tool', {}, { payload: { web: true } }],
    ['with an unreadable payload', {}, { payload: '{' }],
  ])('that is %s changes nothing', async (_, status, deployment) => {
    await fail(status, deployment);
    expect(github.issues).toEqual([]);
    expect(quarantine()).toBeNull();
  });
});
