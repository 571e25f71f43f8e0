import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeGitHub, newIssue } from '../fakes/fake-github.ts';
import { commentPayload, config, type Harness, startHarness } from './bot-harness.ts';

const folded = config.replace('time: date }', 'time: date, fold: { of: 5, use: 2 } }');

let harness: Harness;
let github: FakeGitHub;
beforeEach(async () => {
  harness = await startHarness();
  github = harness.github;
  github.permissions.set('maya', 'write');
  github.git.commit('main', { 'pulltrain.yml': folded });
  newIssue(github, { title: 'the holdout is worn' });
});
afterEach(() => harness.close());

const command = (body: string, options: Record<string, unknown> = {}) =>
  harness.deliver('issue_comment', commentPayload(body, options));
const pulls = () => github.issues.filter(({ pull }) => pull !== null);
const answer = () => github.comments.at(-1)?.body ?? '';

describe('/rotate-holdout', () => {
  it('opens a pull request that changes the part and nothing else', async () => {
    await command('/rotate-holdout');
    const [pull] = pulls();
    expect(pull).toMatchObject({
      title: 'Judge flight-delay by part 3 of 5 of its holdout',
      labels: ['holdout'],
      pull: { base: 'main', head: expect.stringMatching(/^pulltrain\/rotate-flight-delay-3-[0-9a-f]{7}$/) },
    });
    expect(github.git.text(pull?.pull?.head ?? '', 'pulltrain.yml')).toBe(folded.replace('use: 2', 'use: 3'));
    expect(github.git.text('main', 'pulltrain.yml')).toBe(folded);
    expect(answer()).toContain(`#${pull?.number} proposes part 3 of 5`);
    expect(JSON.parse(github.git.text('ledger', 'audit/55.json') ?? 'null')).toMatchObject({
      command: 'rotate-holdout',
      outcome: 'done',
      pull: pull?.number,
    });
  });

  it('opens one pull request, however often it is asked for or delivered', async () => {
    await Promise.all([command('/rotate-holdout'), command('/rotate-holdout')]);
    await command('/rotate-holdout flight-delay', { id: 56 });
    expect(pulls()).toHaveLength(1);
  });

  it('works on the pull request whose report warns', async () => {
    await command('/rotate-holdout', { issue: { pull_request: {} } });
    expect(pulls()).toHaveLength(1);
  });

  it.each([
    ['without parts', config, 'holdout.fold'],
    ['at the last part', folded.replace('use: 2', 'use: 5'), 'part 5 is the last of 5'],
  ])('says what to do %s', async (_, text, said) => {
    github.git.commit('main', { 'pulltrain.yml': text });
    await command('/rotate-holdout');
    expect(pulls()).toEqual([]);
    expect(answer()).toContain(said);
  });

  it('is for people with write access, and for models that are there', async () => {
    github.permissions.set('maya', 'read');
    await command('/rotate-holdout');
    github.permissions.set('maya', 'write');
    await command('/rotate-holdout taxi-time', { id: 56 });
    await command('/rotate-holdout one two', { id: 57 });
    expect(pulls()).toEqual([]);
    expect(answer()).toContain('takes one argument');
  });
});
