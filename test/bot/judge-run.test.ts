import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Judgement } from '../../pipelines/contracts/judgement.ts';
import { integrityHex, integrityOf, integrityOfDocument } from '../../pipelines/integrity.ts';
import { countUses, usePath, usesFolder } from '../../pipelines/wear/use-path.ts';
import { newIssue } from '../fakes/fake-github.ts';
import { hostileTexts, judgementWith } from '../reports/judgements.ts';
import { artifactWith, config, type Harness, runPayload, startHarness } from './bot-harness.ts';

const judged = judgementWith();
const { change, key } = judged.evaluated;
const holdoutPointer = 'data/holdout.parquet.pointer.yml';
const recordPath = `judgements/flight-delay/${change.headSha}.json`;
const runPath = `runs/${integrityHex(key ?? '').slice(0, 64)}/${change.headSha}.json`;

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
  const { git } = harness.github;
  const commit = git.commits.get(git.commit('main', { 'pulltrain.yml': config, [holdoutPointer]: 'then' }));
  if (commit !== undefined) git.commits.set(judged.evaluated.policyCommit, commit);
  git.refs.set('heads/main', judged.evaluated.policyCommit);
  newIssue(harness.github, { title: 'an issue' });
  newIssue(harness.github, { pull: { head: 'rates', headSha: change.headSha, base: 'main' } });
});
afterEach(() => harness.close());

async function judge(judgement: Judgement | string = judged, run: Record<string, unknown> = {}) {
  const id = typeof run.id === 'number' ? run.id : 900;
  harness.github.artifacts.set(id, { 'pulltrain-judgement': artifactWith('judgement.json', judgement) });
  await harness.deliver('workflow_run', runPayload('judge', run));
}

function record(path: string) {
  return JSON.parse(harness.github.git.text('ledger', path) ?? 'null');
}

describe('a judgement', () => {
  it('becomes a record, one comment and the end of the check', async () => {
    await judge();
    expect(record(recordPath)).toEqual(judged);
    expect(record(runPath)).toMatchObject({
      kind: 'run-entry',
      sha256: judged.evaluated.headEvaluation?.sha256,
      artifact: { runId: 12, name: 'pulltrain-run' },
      evidence: { runId: 900, name: 'pulltrain-judgement' },
      judgement: { path: recordPath, integrity: integrityOfDocument(judged) },
      pull: 2,
    });
    const [comment] = harness.github.comments;
    expect(comment?.body).toMatch(/^<!-- pulltrain:report model=flight-delay -->\n/);
    expect(harness.github.checks).toEqual([
      expect.objectContaining({
        name: 'pulltrain / flight-delay',
        headSha: change.headSha,
        status: 'completed',
        conclusion: 'success',
        external_id: integrityOfDocument(judged),
        details_url: 'https://github.test/acme/flight-delays/actions/runs/900',
      }),
    ]);
  });

  it('changes nothing when it is delivered again', async () => {
    await judge();
    const commits = harness.github.git.commits.size;
    const changes = () => harness.github.calls.filter((call) => /^(PATCH|DELETE|POST \/repos)/.test(call));
    harness.github.calls.length = 0;
    await judge();
    await judge();
    expect(harness.github.comments).toHaveLength(1);
    expect(harness.github.checks).toHaveLength(1);
    expect(harness.github.git.commits.size).toBe(commits);
    // A tree with the same content is made to see that it is the same; nothing is put anywhere.
    expect(new Set(changes())).toEqual(new Set(['POST /repos/acme/flight-delays/git/trees']));
  });

  it('takes fewer than twenty calls', async () => {
    await judge();
    harness.github.calls.length = 0;
    await judge({ ...judged, judgedAt: '2026-11-21T01:06:00Z' });
    expect(harness.github.calls.length).toBeLessThan(20);
  });

  it('replaces the comment and the check of an earlier one', async () => {
    await judge(judgementWith({ swap: true }));
    expect(harness.github.checks).toEqual([expect.objectContaining({ conclusion: 'failure' })]);
    await judge({ ...judged, judgedAt: '2026-11-21T01:06:00Z' }, { id: 901 });
    expect(harness.github.checks).toEqual([expect.objectContaining({ conclusion: 'success' })]);
    expect(harness.github.comments).toHaveLength(1);
  });

  it('remarks beside the changed lines once, and links the page when there is one', async () => {
    const changedLines = [{ kind: 'parameter' as const, name: 'train.trees', file: 'params.yaml', line: 3 }];
    const remarked = { ...judged, evaluated: { ...judged.evaluated, changedLines } };
    harness.github.artifacts.set(900, {
      'pulltrain-judgement': artifactWith('judgement.json', remarked),
      'report.html': new Uint8Array(),
    });
    await harness.deliver('workflow_run', runPayload('judge'));
    expect(harness.github.checks).toMatchObject([
      {
        output: {
          annotations: [{ path: 'params.yaml', start_line: 3, end_line: 3, annotation_level: 'notice' }],
        },
      },
    ]);
    expect(harness.github.comments[0]?.body).toMatch(
      /\*\*\[Full report\]\(https:\/\/github\.test\/acme\/flight-delays\/actions\/runs\/900\/artifacts\/\d+\)\*\*/,
    );
    await judge({ ...remarked, judgedAt: '2026-11-21T01:06:00Z' }, { id: 901 });
    expect(harness.github.checks[0]?.output).not.toHaveProperty('annotations');
    expect(harness.github.comments[0]?.body).not.toContain('Full report');
  });

  it('never takes the place of a newer one', async () => {
    await judge();
    await judge({ ...judgementWith({ swap: true }), judgedAt: '2026-11-21T01:04:59Z' }, { id: 899 });
    expect(record(recordPath).judgedAt).toBe(judged.judgedAt);
    expect(record(runPath).evidence.runId).toBe(900);
    expect(harness.github.checks).toEqual([expect.objectContaining({ conclusion: 'success' })]);
  });

  it.each([
    ['policy', { 'pulltrain.yml': config.replace('7d', '8d') }],
    ['holdout', { [holdoutPointer]: 'now' }],
  ])('by a %s that is no longer in force is shown as that, and releases nothing', async (_, files) => {
    harness.github.git.commit('main', files);
    await judge();
    expect(record(recordPath)).toBeNull();
    expect(record(runPath)).toBeNull();
    expect(harness.github.comments).toEqual([]);
    expect(harness.github.checks).toEqual([
      expect.objectContaining({
        conclusion: 'failure',
        output: expect.objectContaining({ title: 'Judged by an outdated policy' }),
      }),
    ]);
  });

  it('of a run that is run again after the policy changed takes nothing from the one before', async () => {
    await judge();
    harness.github.git.commit('main', { 'pulltrain.yml': config.replace('7d', '8d') });
    await judge({ ...judgementWith({ swap: true }), judgedAt: '2026-11-21T09:00:00Z' });
    expect(record(recordPath)).toEqual(judged);
    expect(harness.github.checks).toEqual([expect.objectContaining({ conclusion: 'success' })]);
  });

  it('counts when the default branch has moved on without touching the policy', async () => {
    harness.github.git.commit('main', { 'README.md': 'more\n' });
    await judge();
    expect(record(recordPath)).toEqual(judged);
  });

  it('of the same inputs in another pull request takes nothing from the first', async () => {
    await judge();
    const other = { ...change, pull: 3, headSha: 'e'.repeat(40) };
    newIssue(harness.github, { pull: { head: 'copy', headSha: other.headSha, base: 'main' } });
    const copy = { ...judgementWith({ swap: true }), judgedAt: '2026-11-21T01:07:00Z' };
    await judge({ ...copy, evaluated: { ...copy.evaluated, key, change: other } }, { id: 902 });
    expect(record(runPath)).toMatchObject({ pull: 2, evidence: { runId: 900 } });
    expect(record(runPath.replace(change.headSha, other.headSha))).toMatchObject({ pull: 3 });
  });

  it('of a head that has moved on is recorded and shown nowhere', async () => {
    Object.assign(harness.github.issues[1]?.pull ?? {}, { headSha: 'b'.repeat(40) });
    await judge();
    expect(record(recordPath)).toEqual(judged);
    expect(harness.github.comments).toEqual([]);
    expect(harness.github.checks).toEqual([]);
  });

  it('of a pull request that was closed is recorded and shown nowhere', async () => {
    Object.assign(harness.github.issues[1] ?? {}, { state: 'closed' });
    await judge();
    expect(record(recordPath)).toEqual(judged);
    expect(harness.github.comments).toEqual([]);
  });

  it('without a key is recorded, and cannot be found as a run', async () => {
    await judge({ ...judged, evaluated: { ...judged.evaluated, key: null } });
    expect(record(recordPath)).not.toBeNull();
    expect(record(runPath)).toBeNull();
  });

  it('leaves the comment of a stranger with our marker alone', async () => {
    const forged = {
      id: 1,
      issue: 2,
      body: '<!-- pulltrain:report model=flight-delay -->\nLGTM',
      login: 'eve',
      appId: null,
    };
    harness.github.comments.push({ ...forged });
    await judge();
    expect(harness.github.comments).toEqual([forged, expect.objectContaining({ login: 'pulltrain[bot]' })]);
  });

  it('finds its comment behind more than a hundred others, and removes its double', async () => {
    await judge();
    const [own] = harness.github.comments.splice(0);
    for (let id = 0; id < 120; id += 1) {
      harness.github.comments.push({ id, issue: 2, body: 'hm', login: 'dana', appId: null });
    }
    if (own !== undefined) harness.github.comments.push(own, { ...own, id: 5000 });
    await judge({ ...judged, judgedAt: '2026-11-21T01:06:00Z' });
    expect(harness.github.comments.filter(({ login }) => login === 'pulltrain[bot]')).toHaveLength(1);
  });

  it('notifies and links nobody by what strangers wrote into it', async () => {
    for (const text of hostileTexts.slice(0, 5)) await judge(judgementWith({ text }));
    expect(harness.github.comments).toHaveLength(1);
    expect(harness.github.comments[0]?.body).not.toMatch(/(^|[^&;\\\w`])@[a-z]/i);
  });
});

describe('the use of a holdout', () => {
  const holdout = judged.evaluated.headEvaluation?.holdout.integrity ?? '';
  const count = () => {
    const { commits, refs, trees } = harness.github.git;
    const tree = trees.get(commits.get(refs.get('heads/ledger') ?? '')?.tree ?? '');
    return countUses(
      [...(tree?.keys() ?? [])].filter((path) => path.startsWith(usesFolder(holdout))),
      null,
    );
  };
  /** The judgement of another candidate: other predictions, at another head. */
  function another(name: string, judgedAt = '2026-11-22T01:00:00Z'): Judgement {
    const { headEvaluation } = judged.evaluated;
    if (headEvaluation === null) throw new Error('nothing was evaluated');
    const predictions = { ...headEvaluation.predictions, integrity: integrityOf(name) };
    const other = { ...change, headSha: integrityHex(integrityOf(name)).slice(0, 40) };
    return {
      ...judged,
      judgedAt,
      evaluated: { ...judged.evaluated, change: other, headEvaluation: { ...headEvaluation, predictions } },
    };
  }

  it('is recorded with the judgement, in the same commit', async () => {
    await judge();
    expect(count()).toEqual({ judged: 1, since: judged.judgedAt.slice(0, 10) });
    const { commits, refs } = harness.github.git;
    expect(commits.get(refs.get('heads/ledger') ?? '')?.parents).toEqual([]);
  });

  it('counts a candidate once, whether its event comes twice, late, or at another head with the same predictions', async () => {
    await judge(another('a'));
    await judge(another('a'));
    await judge({ ...another('b'), evaluated: another('a').evaluated, judgedAt: '2026-11-23T01:00:00Z' });
    await judge(another('c', '2026-11-20T01:00:00Z'));
    expect(count()).toEqual({ judged: 2, since: '2026-11-20' });
  });

  it('is the same in whatever order candidates come', async () => {
    for (const name of ['c', 'a', 'b', 'a']) await judge(another(name));
    expect(count().judged).toBe(3);
  });

  it('loses none to another writer of the ledger', async () => {
    await judge(another('a'));
    let races = 0;
    harness.github.onCall = (call) => {
      if (!call.startsWith('PATCH') || !call.includes('/git/refs') || races >= 3) return;
      races += 1;
      const rival = usePath({ holdout, on: '2026-11-22', predictions: integrityOf(`rival ${races}`) });
      harness.github.git.commit('ledger', { [rival]: '{}' });
    };
    await judge(another('b'));
    expect(races).toBe(3);
    expect(count().judged).toBe(5);
  });

  it('is none for the predictions of the base, of which nothing new was told', async () => {
    const { comparison } = judged;
    if (comparison === null) throw new Error('nothing was compared');
    await judge({ ...judged, comparison: { ...comparison, identical: true } });
    expect(record(recordPath)).not.toBeNull();
    expect(count().judged).toBe(0);
  });

  it('is none by a policy that is no longer in force, which is not told', async () => {
    harness.github.git.commit('main', { [holdoutPointer]: 'now' });
    await judge();
    expect(count().judged).toBe(0);
  });
});

describe('a run that only looks like a judge', () => {
  it.each([
    ['of another workflow', { path: '.github/workflows/other.yml' }],
    ['started by a pull request', { event: 'pull_request' }],
    ['on a branch', { head_branch: 'feature' }],
    ['of a fork', { head_repository: { id: 43 } }],
    ['of a deleted repository', { head_repository: null }],
  ])('%s is not read', async (_, run) => {
    await judge(judged, run);
    expect(harness.github.calls.filter((call) => !call.startsWith('GET /app'))).toEqual([]);
  });

  it('about another repository changes no record', async () => {
    const foreign = { ...judged.evaluated, change: { ...change, repository: 'evil/flight-delays' } };
    await judge({ ...judged, evaluated: foreign });
    expect(harness.github.git.refs.has('heads/ledger')).toBe(false);
    expect(harness.github.comments).toEqual([]);
  });
});

describe('a judge run without a judgement', () => {
  const training = { path: '.github/workflows/train.yml', event: 'pull_request', head_sha: change.headSha };

  it.each([
    ['failed', undefined, { conclusion: 'failure' }],
    ['handed over no JSON', 'not json', {}],
    ['handed over another document', '{"kind":"judgement"}', {}],
  ])('that %s turns the check red and says where to look', async (_, document, run) => {
    harness.github.runs.set(12, training);
    if (document === undefined) await harness.deliver('workflow_run', runPayload('judge', run));
    else await judge(document, run);
    expect(harness.github.checks).toEqual([
      expect.objectContaining({
        conclusion: 'failure',
        headSha: change.headSha,
        output: expect.objectContaining({ summary: expect.stringContaining('actions/runs/900') }),
      }),
    ]);
  });

  it('does not take away a judgement that is there', async () => {
    await judge();
    harness.github.runs.set(12, training);
    await harness.deliver('workflow_run', runPayload('judge', { id: 901, conclusion: 'failure' }));
    expect(harness.github.checks).toEqual([expect.objectContaining({ conclusion: 'success' })]);
  });

  it('does not trust a title that names a run of another workflow', async () => {
    harness.github.runs.set(12, { ...training, path: '.github/workflows/mine.yml' });
    await harness.deliver('workflow_run', runPayload('judge', { conclusion: 'failure' }));
    expect(harness.github.checks).toEqual([]);
  });

  it.each([
    ['Judge 12', 1],
    ['Judge 12: Add late rates', 1],
    ['Judge 12: Judge 13', 1],
    ['Judge 12:', 1],
    ['Judge 123 4', 0],
    ['Re: Judge 12', 0],
    ['Judge 13\nJudge 12', 0],
  ])(
    'called %j finds what it judged %i times: the start of a title is ours, the rest anybody’s',
    async (title, found) => {
      harness.github.runs.set(12, training);
      await harness.deliver('workflow_run', runPayload('judge', { conclusion: 'failure', display_title: title }));
      expect(harness.github.checks).toHaveLength(found);
    },
  );

  it('is logged when its title does not say what it judged', async () => {
    await harness.deliver('workflow_run', runPayload('judge', { conclusion: 'failure', display_title: 'Judge' }));
    expect(harness.log.join('')).toContain('run-name');
  });

  it.each(['cancelled', 'skipped'])('because training was %s says so', async (conclusion) => {
    harness.github.runs.set(12, { ...training, conclusion });
    await harness.deliver('workflow_run', runPayload('judge', { conclusion: 'skipped' }));
    expect(harness.github.checks).toEqual([
      expect.objectContaining({
        conclusion: 'failure',
        output: expect.objectContaining({ summary: expect.stringContaining(`Training was ${conclusion}`) }),
      }),
    ]);
  });

  it('leaves a push to another branch alone, whose training nobody asked for', async () => {
    harness.github.runs.set(12, { ...training, event: 'push' });
    await harness.deliver('workflow_run', runPayload('judge', { conclusion: 'skipped' }));
    expect(harness.github.checks).toEqual([]);
  });
});
