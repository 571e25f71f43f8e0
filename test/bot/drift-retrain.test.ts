import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatPointer } from '../../pipelines/data/format-pointer.ts';
import { integrityOf } from '../../pipelines/integrity.ts';
import { type FakeGitHub, newIssue, Refusal } from '../fakes/fake-github.ts';
import { artifactWith, commentPayload, config, type Harness, runPayload, startHarness } from './bot-harness.ts';

const policy = config
  .replace('on: [command]', 'on: [drift, command]')
  .replace('    retrain:', '    monitor: {}\n    retrain:');
const newest = 'data/flights-2001-05.parquet.pointer.yml';

let harness: Harness;
let github: FakeGitHub;
beforeEach(async () => {
  harness = await startHarness();
  github = harness.github;
  github.permissions.set('maya', 'write');
  github.git.commit('main', {
    'pulltrain.yml': policy,
    'params.yaml':
      'data: { snapshot: data/flights-2001-03.parquet }\ntrain: { from: "2001-01-01", to: "2001-03-31" }\n',
    'data/flights-2001-03.parquet.pointer.yml': pointer('2001-01-01', '2001-03-31'),
    [newest]: pointer('2001-01-01', '2001-05-31'),
  });
});
afterEach(() => harness.close());

function pointer(from: string, to: string): string {
  return formatPointer({
    kind: 'pointer',
    version: 1,
    integrity: integrityOf(`${from} ${to}`),
    size: 1,
    table: { rows: 1, columns: [], time: { column: 'date', from, to } },
  });
}

/** The watch looks at a day of November; `release` is the one in production. */
async function watch(day: number, status: 'fail' | 'pass' = 'fail', release = '1.1.0') {
  const checkedAt = `2026-11-${String(day).padStart(2, '0')}T06:00:00.000Z`;
  const finding = {
    subject: 'hour',
    kind: 'covariate',
    measure: 'jensen-shannon distance, base 2',
    observed: 0.2,
    threshold: 0.1,
    reference: 1,
    current: 2,
    n: 5000,
    status,
    message: 'hour moved',
  };
  const report = {
    kind: 'drift-report',
    version: 1,
    repository: 'acme/flight-delays',
    model: 'flight-delay',
    environment: 'production',
    release,
    tag: `flight-delay@v${release}`,
    window: { from: '2001-06-01', to: `2001-06-${String(day).padStart(2, '0')}` },
    rows: 5000,
    labelled: 0,
    status,
    findings: [finding],
    checkedAt,
  };
  harness.setNow(checkedAt);
  github.artifacts.set(900, { 'pulltrain-drift': artifactWith('drift-report.json', report) });
  await harness.deliver('workflow_run', runPayload('watch'));
}

const pulls = () => github.issues.filter(({ pull }) => pull !== null);
const episodes = () => github.issues.filter(({ labels }) => labels.includes('drift'));
const said = () => github.comments.map(({ issue, body }) => `#${issue} ${body}`);
const land = (files: Record<string, string | null>) => github.git.commit('main', files);

describe('drift, when policy lets it retrain', () => {
  it('opens the pull request that /retrain opens, and links it from the issue', async () => {
    await watch(1);
    const [episode] = episodes();
    const [pull] = pulls();
    expect(pull).toMatchObject({
      title: 'Retrain flight-delay on 2001-02-01 to 2001-05-31',
      labels: ['retrain'],
      pull: { base: 'main', head: expect.stringMatching(/^pulltrain\/retrain-1-[0-9a-f]{7}$/) },
    });
    expect(pull?.body).toMatch(/^<!-- pulltrain:retrain model=flight-delay cause=episode-1 issue=1 -->\n/);
    expect(pull?.body).toContain('Asked for by the watch in #1.');
    expect(pull?.body).toContain('Closes #1');
    expect(github.git.text(pull?.pull?.head ?? '', 'params.yaml')).toBe(
      'data: { snapshot: data/flights-2001-05.parquet }\ntrain: { from: "2001-02-01", to: "2001-05-31" }\n',
    );
    expect(said()).toEqual([expect.stringContaining(`#${pull?.number} retrains \`flight-delay\``)]);
    expect(github.comments[0]?.issue).toBe(episode?.number);
  });

  it('asks once for an episode, whatever became of the pull request and however long it lasts', async () => {
    await Promise.all([watch(1), watch(1)]);
    await watch(2);
    Object.assign(pulls()[0] ?? {}, { state: 'closed', createdAt: '2026-11-01T06:00:00Z' });
    land({ 'data/flights-2001-06.parquet.pointer.yml': pointer('2001-01-01', '2001-06-30') });
    await watch(20);
    expect(pulls()).toHaveLength(1);
    expect(said()).toHaveLength(1);
  });

  it('asks again in the next episode, when the cooldown is over', async () => {
    await watch(1);
    Object.assign(pulls()[0] ?? {}, { state: 'closed', createdAt: '2026-11-01T06:00:00Z' });
    await watch(2, 'pass');
    await watch(4);
    await watch(5);
    expect(pulls()).toHaveLength(1);
    const [, , waiting, ...others] = said();
    expect(waiting).toContain('#3 ');
    expect(waiting).toContain('the next time is 2026-11-08 06:00 UTC');
    expect(others).toEqual([]);
    await watch(9);
    expect(pulls()).toHaveLength(2);
    expect(said()[2]).toContain(`#${pulls()[1]?.number} retrains`);
    expect(said()).toHaveLength(3);
  });

  it('says once that there is no newer data, and retrains when it comes', async () => {
    land({ [newest]: null });
    await watch(1);
    await watch(2);
    expect(pulls()).toEqual([]);
    expect(said()).toEqual([expect.stringContaining('already trained on the newest data')]);
    land({ [newest]: pointer('2001-01-01', '2001-05-31') });
    await watch(3);
    expect(pulls()).toHaveLength(1);
    expect(said()).toEqual([expect.stringContaining(`#${pulls()[0]?.number} retrains`)]);
  });

  it('leaves an episode to the person who has asked already', async () => {
    land({ [newest]: null });
    await watch(1);
    land({ [newest]: pointer('2001-01-01', '2001-05-31') });
    await harness.deliver('issue_comment', commentPayload('/retrain'));
    Object.assign(pulls()[0] ?? {}, { state: 'closed', createdAt: '2026-11-01T06:00:00Z' });
    land({ 'data/flights-2001-06.parquet.pointer.yml': pointer('2001-01-01', '2001-06-30') });
    const before = said();
    await watch(20);
    expect(pulls()).toHaveLength(1);
    expect(said()).toEqual(before);
  });

  it('links the pull request that somebody asked for elsewhere', async () => {
    newIssue(github, { title: 'Newer data, please' });
    await harness.deliver('issue_comment', commentPayload('/retrain'));
    await watch(22);
    expect(pulls()).toHaveLength(1);
    expect(said().at(-1)).toContain(`#${pulls()[0]?.number} already retrains`);
  });

  it.each(['/git/trees', '/git/commits', '/git/refs', '/pulls', '/labels', '/comments'])(
    'ends the same when it breaks off at POST %s and the watch looks again',
    async (place) => {
      github.onCall = (call) => {
        // The ledger is written with the same calls, before.
        if (call.startsWith('POST') && call.endsWith(place) && episodes().length > 0) throw new Refusal(500, 'oops');
      };
      await watch(1);
      expect(harness.log.join('')).toContain('oops');
      github.onCall = () => undefined;
      await watch(2);
      expect(pulls()).toHaveLength(1);
      expect(pulls()[0]?.labels).toEqual(['retrain']);
      expect(said()).toEqual([expect.stringContaining(`#${pulls()[0]?.number} retrains`)]);
    },
  );

  it('quotes once what is wrong in the repository', async () => {
    land({ 'params.yaml': 'data: {}\n' });
    await watch(1);
    await watch(2);
    expect(pulls()).toEqual([]);
    expect(said()).toEqual([expect.stringContaining('no such single value')]);
  });
});

describe('drift does not retrain', () => {
  const nothing = () => {
    expect(pulls()).toEqual([]);
    expect(said()).toEqual([]);
  };

  it('when policy does not list it', async () => {
    land({ 'pulltrain.yml': config, 'params.yaml': null });
    await watch(1);
    nothing();
    expect(harness.log.join('')).not.toContain('parameters-missing');
  });

  it('without policy, or a model in it', async () => {
    land({ 'pulltrain.yml': policy.replace('flight-delay:', 'other:') });
    await watch(1);
    land({ 'pulltrain.yml': null });
    await watch(2);
    nothing();
  });

  it('when there is none', async () => {
    await watch(1, 'pass');
    nothing();
  });

  it('when a person has closed the issue', async () => {
    land({ 'pulltrain.yml': config });
    await watch(1);
    Object.assign(episodes()[0] ?? {}, { state: 'closed' });
    land({ 'pulltrain.yml': policy });
    await watch(2);
    nothing();
  });

  it('for a report that is late', async () => {
    land({ 'pulltrain.yml': config });
    await watch(3);
    land({ 'pulltrain.yml': policy });
    await watch(2);
    nothing();
  });
});
