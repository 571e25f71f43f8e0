import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatPointer } from '../../pipelines/data/format-pointer.ts';
import { integrityOf } from '../../pipelines/integrity.ts';
import { type FakeGitHub, newIssue, Refusal } from '../fakes/fake-github.ts';
import { commentPayload, config, type Harness, startHarness } from './bot-harness.ts';

const parameters = `# What the model looks at.
features: [hour, weekday] # both known in advance

data:
  snapshot: data/flights-2001-03.parquet

train:
  from: "2001-01-01" # first day
  to: '2001-03-31'
  trees: 40
`;

let harness: Harness;
let github: FakeGitHub;
beforeEach(async () => {
  harness = await startHarness();
  github = harness.github;
  github.permissions.set('maya', 'write');
  github.git.commit('main', {
    'pulltrain.yml': config,
    'params.yaml': parameters,
    'data/flights-2001-03.parquet.pointer.yml': pointer('2001-01-01', '2001-03-31'),
    'data/flights-2001-05.parquet.pointer.yml': pointer('2001-01-01', '2001-05-31'),
    'data/holdout.parquet.pointer.yml': pointer('2001-04-01', '2001-06-15'),
  });
  newIssue(github, { title: 'flight-delay has drifted' });
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

const command = (body: string, options: Record<string, unknown> = {}) =>
  harness.deliver('issue_comment', commentPayload(body, options));
const pulls = () => github.issues.filter(({ pull }) => pull !== null);
const reactions = () => github.reactions.map(({ content }) => content);
const answer = () => github.comments.at(-1)?.body ?? '';
const audit = (id = 55) => JSON.parse(github.git.text('ledger', `audit/${id}.json`) ?? 'null');

describe('/retrain', () => {
  it('opens a pull request with newer data, answers, and records who asked', async () => {
    await command('/retrain');
    const [pull] = pulls();
    expect(pull).toMatchObject({
      title: 'Retrain flight-delay on 2001-02-01 to 2001-05-31',
      body: expect.stringContaining('Closes #1'),
      labels: ['retrain'],
      pull: { base: 'main', head: expect.stringMatching(/^pulltrain\/retrain-1-[0-9a-f]{7}$/) },
    });
    expect(github.git.text(pull?.pull?.head ?? '', 'params.yaml')).toBe(
      parameters
        .replace('flights-2001-03', 'flights-2001-05')
        .replace('"2001-01-01"', '"2001-02-01"')
        .replace("'2001-03-31'", "'2001-05-31'"),
    );
    expect(reactions()).toEqual(['eyes', 'rocket']);
    expect(github.comments).toHaveLength(1);
    expect(answer()).toContain(`#${pull?.number} retrains`);
    expect(audit()).toEqual({
      kind: 'audit-entry',
      version: 1,
      comment: 55,
      issue: 1,
      by: 'maya',
      permission: 'write',
      command: 'retrain',
      outcome: 'done',
      message: expect.any(String),
      pull: pull?.number,
      at: '2026-11-21T12:00:00.000Z',
    });
  });

  it('is obeyed once, however often the event comes', async () => {
    await Promise.all([command('/retrain'), command('/retrain'), command('/retrain')]);
    expect(pulls()).toHaveLength(1);
    expect(github.comments).toHaveLength(1);
  });

  it.each(['/git/trees', '/git/commits', '/git/refs', '/pulls', '/labels', '/comments'])(
    'ends the same when it breaks off at POST %s and the event comes again',
    async (place) => {
      github.onCall = (call) => {
        if (call.startsWith('POST') && call.endsWith(place) && !call.includes('reactions'))
          throw new Refusal(500, 'oops');
      };
      await command('/retrain');
      github.onCall = () => undefined;
      await command('/retrain');
      expect(pulls()).toHaveLength(1);
      expect(pulls()[0]?.labels).toContain('retrain');
      expect(github.comments).toHaveLength(1);
      expect(answer()).toContain('retrains `flight-delay`');
      expect(audit()).toMatchObject({ outcome: 'done', pull: pulls()[0]?.number });
    },
  );

  it('links the pull request that is open already', async () => {
    await command('/retrain');
    await command('/retrain', { id: 56 });
    expect(pulls()).toHaveLength(1);
    expect(answer()).toContain(`#${pulls()[0]?.number} already retrains`);
    expect(audit(56)).toMatchObject({ outcome: 'refused' });
  });

  it('waits for the cooldown to pass', async () => {
    await command('/retrain');
    Object.assign(pulls()[0] ?? {}, { state: 'closed', createdAt: '2026-11-20T00:00:00Z' });
    await command('/retrain', { id: 56 });
    expect(answer()).toContain('2026-11-27 00:00 UTC');
    harness.setNow('2026-11-28T00:00:00Z');
    await command('/retrain', { id: 57 });
    expect(audit(57)).toMatchObject({ outcome: 'done' });
  });

  it('refuses when there is nothing newer', async () => {
    github.git.commit('main', { 'data/flights-2001-05.parquet.pointer.yml': null });
    await command('/retrain');
    expect(pulls()).toEqual([]);
    expect(answer()).toContain('already trained on the newest data');
    expect(reactions()).toEqual(['eyes', '-1']);
  });

  it('takes the model of the episode whose issue it stands on, if we opened it', async () => {
    github.git.commit('main', { 'pulltrain.yml': `${config}${secondModel}` });
    const body = '<!-- pulltrain:episode model=flight-delay environment=production release=1.1.0 -->\ndrift';
    await command('/retrain', { issue: { body, user: { login: 'eve' } } });
    expect(answer()).toContain('more than one model');
    await command('/retrain', { id: 56, issue: { body, user: { login: 'pulltrain[bot]' } } });
    expect(pulls()).toHaveLength(1);
  });

  it('names the models there are when the one asked for is not among them', async () => {
    await command('/retrain flight-dealy');
    expect(answer()).toContain('flight-delay');
    expect(pulls()).toEqual([]);
    expect(audit()).toMatchObject({ outcome: 'refused' });
  });

  it('is for issues', async () => {
    await command('/retrain', { issue: { pull_request: { url: 'x' } } });
    expect(answer()).toContain('is for issues');
    expect(pulls()).toEqual([]);
  });

  it('quotes the faults of an unreadable policy', async () => {
    github.git.commit('main', { 'pulltrain.yml': 'version: 2\nmodels: {}\n' });
    await command('/retrain');
    expect(answer()).toContain('pulltrain.yml');
    expect(audit()).toMatchObject({ outcome: 'refused' });
  });

  it('tells a person when GitHub fails, and keeps the details in the log', async () => {
    github.onCall = (call) => {
      if (call.includes('/git/trees')) throw new Refusal(503, 'ghs_0123456789abcdef is broken');
    };
    await command('/retrain');
    expect(answer()).toContain('This did not work');
    expect(answer()).not.toContain('broken');
    expect(reactions()).toEqual(['eyes', 'confused']);
    expect(harness.log.join('')).toContain('is broken');
    expect(harness.log.join('')).not.toContain('ghs_0123456789abcdef');
  });
});

const secondModel = `  other:
    task: binary
    output: out/other.onnx
    holdout: { data: data/holdout.parquet, target: late, time: date }
    metrics: { primary: roc_auc }
`;

describe('whoever comments', () => {
  it.each(['admin', 'write'])('with %s is obeyed', async (permission) => {
    github.permissions.set('maya', permission);
    await command('/retrain');
    expect(pulls()).toHaveLength(1);
  });

  it.each(['read', 'triage', 'none', null])('with %s gets a polite no', async (permission) => {
    github.permissions.delete('maya');
    if (permission !== null) github.permissions.set('maya', permission);
    await command('/retrain');
    expect(pulls()).toEqual([]);
    expect(answer()).toContain('write access');
    expect(reactions()).toEqual(['eyes', '-1']);
    expect(audit()).toMatchObject({ outcome: 'refused', permission: permission ?? 'none' });
  });

  it.each([
    ['is a bot', { user: { login: 'dependabot[bot]', type: 'Bot' } }],
    ['acts through an app', { performed_via_github_app: { id: 1 } }],
    ['is gone', { user: null }],
    ['edits', { action: 'edited' }],
    ['deletes', { action: 'deleted' }],
  ])('and %s is not heard', async (_, options) => {
    await command('/retrain', options);
    expect(github.reactions).toEqual([]);
    expect(github.comments).toEqual([]);
  });

  it.each(['> /retrain', '```\n/retrain\n```', 'please\n/retrain', ' /retrain', 'I like /retrain'])(
    'with %j says no command',
    async (body) => {
      await command(body);
      expect(github.calls.filter((call) => call !== 'GET /app')).toEqual([]);
    },
  );

  it('and takes the comment back at once is not obeyed', async () => {
    github.onCall = (call) => {
      if (call.endsWith('/reactions')) throw new Refusal(404, 'Not Found');
    };
    await command('/retrain');
    expect(pulls()).toEqual([]);
    expect(github.comments).toEqual([]);
  });

  it('with /help gets the commands', async () => {
    await command('/help');
    expect(answer()).toContain('| `/retrain <model>` |');
    expect(reactions()).toEqual(['eyes', 'rocket']);
  });

  it('with too many words is told how it is meant', async () => {
    await command('/retrain flight-delay --force');
    expect(answer()).toContain('one argument at most');
    expect(pulls()).toEqual([]);
  });
});
