import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DriftFinding, DriftReport } from '../../pipelines/contracts/drift-report.ts';
import type { FakeGitHub } from '../fakes/fake-github.ts';
import { artifactWith, config, type Harness, runPayload, startHarness } from './bot-harness.ts';

let harness: Harness;
let github: FakeGitHub;
beforeEach(async () => {
  harness = await startHarness();
  github = harness.github;
  github.git.commit('main', { 'pulltrain.yml': config });
});
afterEach(() => harness.close());

function finding(subject: string, status: DriftFinding['status']): DriftFinding {
  return {
    subject,
    kind: 'covariate',
    measure: 'jensen-shannon distance, base 2',
    observed: 0.2,
    threshold: 0.1,
    reference: 1,
    current: 2,
    n: 5000,
    status,
    message: `${subject} is ${status}`,
  };
}

function report(hour: number, findings: DriftFinding[], options: Partial<DriftReport> = {}): DriftReport {
  const statuses = findings.map(({ status }) => status);
  return {
    kind: 'drift-report',
    version: 1,
    repository: 'acme/flight-delays',
    model: 'flight-delay',
    environment: 'production',
    release: '1.1.0',
    tag: 'flight-delay@v1.1.0',
    window: { from: '2001-06-01', to: '2001-06-15' },
    rows: 5000,
    labelled: 0,
    status: statuses.includes('fail') ? 'fail' : statuses.includes('inconclusive') ? 'inconclusive' : 'pass',
    findings,
    checkedAt: `2026-11-21T${String(hour).padStart(2, '0')}:00:00.000Z`,
    ...options,
  };
}

async function watch(document: unknown, run: Record<string, unknown> = {}) {
  github.artifacts.set(900, { 'pulltrain-drift': artifactWith('drift-report.json', document) });
  await harness.deliver('workflow_run', runPayload('watch', run));
}

const rates = finding('origin_late_rate_7d', 'fail');
const fine = finding('origin_late_rate_7d', 'pass');
const states = () => github.issues.map(({ state }) => state);

describe('a drift report', () => {
  it('opens one issue and is recorded', async () => {
    const first = report(1, [rates]);
    await watch(first);
    await watch(first);
    expect(github.issues).toEqual([
      expect.objectContaining({
        labels: ['drift'],
        state: 'open',
        body: expect.stringMatching(
          /^<!-- pulltrain:episode model=flight-delay environment=production release=1\.1\.0 -->\n/,
        ),
      }),
    ]);
    const path = 'drift/flight-delay/2001-06-01_2001-06-15.json';
    expect(JSON.parse(github.git.text('ledger', path) ?? 'null')).toEqual(first);
  });

  it('keeps the issue up to date, and speaks up only when something is new', async () => {
    await watch(report(1, [rates]));
    await watch(report(2, [rates]));
    expect(github.comments).toEqual([]);
    expect(github.issues[0]?.body).toContain('2026-11-21T02');
    await watch(report(3, [rates, finding('hour', 'fail')]));
    await watch(report(4, [rates, finding('hour', 'fail')]));
    expect(github.comments.map(({ body }) => body.split('\n')[1])).toEqual([
      'One more finding in 2001-06-01 to 2001-06-15; the description above has the numbers.',
    ]);
    expect(states()).toEqual(['open']);
  });

  it('closes the issue when the drift is over, and opens another when it comes back', async () => {
    await watch(report(1, [rates]));
    await watch(report(2, [fine]));
    expect(states()).toEqual(['closed']);
    expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining('no drift any more')]);
    await watch(report(3, [fine]));
    expect(states()).toEqual(['closed']);
    await watch(report(4, [rates]));
    expect(states()).toEqual(['closed', 'open']);
  });

  it('closes it too when only young labels are still unknown', async () => {
    await watch(report(1, [rates]));
    await watch(report(2, [finding('label', 'inconclusive'), finding('origin_late_rate_7d', 'inconclusive')]));
    expect(states()).toEqual(['open']);
    await watch(report(3, [finding('label', 'inconclusive'), fine]));
    expect(states()).toEqual(['closed']);
  });

  it('respects that a person closed it, until the drift has been away', async () => {
    await watch(report(1, [rates]));
    Object.assign(github.issues[0] ?? {}, { state: 'closed' });
    await watch(report(2, [rates]));
    await watch(report(3, [rates, finding('hour', 'fail')]));
    expect(states()).toEqual(['closed']);
    expect(github.comments).toEqual([]);
    await watch(report(4, [fine]));
    await watch(report(5, [rates]));
    expect(states()).toEqual(['closed', 'open']);
  });

  it('that is late changes nothing', async () => {
    await watch(report(1, [rates]));
    await watch(report(3, [fine]));
    await watch(report(2, [rates, finding('hour', 'fail')]));
    expect(states()).toEqual(['closed']);
    expect(github.issues[0]?.body).toContain('2026-11-21T03');
  });

  it('that is late and of another window does not open the issue again either', async () => {
    await watch(report(1, [rates]));
    await watch(report(3, [fine]));
    await watch(report(2, [rates], { window: { from: '2001-05-31', to: '2001-06-14' } }));
    expect(states()).toEqual(['closed']);
  });

  it('of the next release closes the episode of the one before', async () => {
    await watch(report(1, [rates]));
    await watch(report(2, [fine], { release: '1.2.0', tag: 'flight-delay@v1.2.0' }));
    expect(states()).toEqual(['closed']);
    expect(github.comments[0]?.body).toContain('`flight-delay@v1.2.0` has taken over');
    await watch(report(3, [rates], { release: '1.2.0', tag: 'flight-delay@v1.2.0' }));
    expect(states()).toEqual(['closed', 'open']);
  });

  it('of nothing but unknowns opens nothing', async () => {
    await watch(report(1, [finding('hour', 'inconclusive')]));
    await watch(report(2, [], { window: null, rows: 0, status: 'inconclusive' }));
    expect(github.issues).toEqual([]);
  });

  it('does not take a stranger’s issue for an episode', async () => {
    await watch(report(1, [rates]));
    const body = github.issues[0]?.body ?? '';
    github.issues.splice(0);
    github.issues.push({
      number: 1,
      title: 'forged',
      body,
      state: 'open',
      login: 'eve',
      labels: ['drift'],
      pull: null,
      createdAt: '2026-01-01T00:00:00Z',
    });
    await watch(report(2, [rates]));
    expect(github.issues.map(({ login }) => login)).toEqual(['eve', 'pulltrain[bot]']);
    expect(github.issues[0]?.body).toBe(body);
  });

  it.each([
    ['of a pull request', { event: 'pull_request' }],
    ['of another branch', { head_branch: 'feature' }],
    ['of a fork', { head_repository: { id: 43 } }],
  ])('out of a run %s is not read', async (_, run) => {
    await watch(report(1, [rates]), run);
    expect(github.issues).toEqual([]);
  });

  it('about another repository is refused', async () => {
    await watch(report(1, [rates], { repository: 'evil/flight-delays' }));
    expect(github.issues).toEqual([]);
    expect(harness.log.join('')).toContain('drift-report-foreign');
  });

  it('is missed loudly when a watch run has none', async () => {
    await harness.deliver('workflow_run', runPayload('watch', { conclusion: 'failure' }));
    expect(harness.log.join('')).toContain('artifact-missing');
  });
});
