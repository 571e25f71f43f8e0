import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../../actions/evaluate/main.ts';
import { type Evaluated, evaluatedSchema } from '../../../pipelines/contracts/judgement.ts';
import { profileSchema } from '../../../pipelines/contracts/profile.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { usePath } from '../../../pipelines/wear/use-path.ts';
import { goodModel, type Story, startStory, weakModel } from './story.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());

async function evaluate(
  story: Story,
  calls: string[] = [],
): Promise<{ status: string; directory: string; evaluated: Evaluated; said: string[] }> {
  const said: string[] = [];
  const github = new Octokit({ log: silent });
  github.hook.before('request', ({ method, url }) => void calls.push(`${method} ${url}`));
  const { status, directory } = await main(story.request, {
    github,
    say: (line) => said.push(line),
  });
  const evaluated = evaluatedSchema.parse(JSON.parse(await readFile(join(directory, 'evaluated.json'), 'utf8')));
  return { status, directory, evaluated, said };
}
const codes = ({ problems }: Evaluated) => problems.map(({ code }) => code);

describe('evaluating a pull request', () => {
  test('measures head and base on the same rows and hands everything over', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: weakModel });
    const { status, directory, evaluated } = await evaluate(story);
    expect(evaluated.problems).toEqual([]);
    expect(status).toBe('ok');
    expect((await readdir(directory)).sort()).toEqual([
      'base.parquet',
      'evaluated.json',
      'head.parquet',
      'profile.json',
    ]);
    expect(profileSchema.parse(JSON.parse(await readFile(join(directory, 'profile.json'), 'utf8')))).toMatchObject({
      columns: [{ name: 'hour' }],
      quality: { metric: 'roc_auc' },
    });
    expect(evaluated.change).toMatchObject({ pull: 7, author: 'maya', headSha: story.request.headSha });
    expect(evaluated.base).toMatchObject({ rung: 'release', tag: 'flight-delay@v1.0.0' });
    expect(evaluated.headEvaluation?.holdout).toEqual(evaluated.baseEvaluation?.holdout);
    const auc = (side: 'baseEvaluation' | 'headEvaluation') => evaluated[side]?.metrics[0]?.value ?? Number.NaN;
    expect(auc('headEvaluation')).toBeGreaterThan(auc('baseEvaluation') + 0.1);
    const explanation = evaluated.headEvaluation?.explanation;
    expect(explanation?.head.importance[0]).toMatchObject({ feature: 'hour' });
    expect(explanation?.head.importance[0]?.interval?.low).toBeGreaterThan(0.05);
    expect(explanation?.base?.sha256).toBe(evaluated.baseEvaluation?.sha256);
    // Rows of the holdout stay where they are.
    expect(explanation?.head.dependence.some(({ lines }) => lines !== undefined)).toBe(false);
  });

  test('compares with the model that the merge-base ships, in four calls besides that for the pull request', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: weakModel, rung: 'merge-base' });
    const made: string[] = [];
    const { evaluated } = await evaluate(story, made);
    expect(evaluated.problems).toEqual([]);
    expect(evaluated.base).toEqual({
      rung: 'merge-base',
      tag: 'flight-delay@v1.0.0',
      commit: story.request.commit,
      sha256: evaluated.baseEvaluation?.sha256,
      pull: 1,
      distance: 0,
    });
    expect(made).toHaveLength(5);
  });

  test('shows what changes, and judges by the default branch whatever the pull request edits', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer();
    const { evaluated } = await evaluate(story);
    expect(evaluated.policyChanges).toEqual(['gates']);
    expect(evaluated.parameterChanges).toEqual([{ name: 'trees', base: 10, head: 20 }]);
    expect(evaluated.changedLines).toMatchObject([
      { kind: 'parameter', name: 'trees', file: 'params.yaml', line: 1 },
      { kind: 'policy', name: 'gates', file: 'pulltrain.yml' },
      { kind: 'gate', name: 'accuracy >= 0.5', file: 'pulltrain.yml' },
    ]);
    expect(evaluated.base.rung).toBe('none');
    expect(evaluated.key).toBe(evaluated.run?.key);
    // The record claims 0.99; what counts is measured here.
    expect(evaluated.headEvaluation?.metrics[0]?.value).toBeLessThan(0.95);
  });

  test('judges nothing when the pull request has moved on', async () => {
    await using story = await startStory();
    story.answer({ head: 'f'.repeat(40) });
    expect(await main(story.request, { github: new Octokit({ log: silent }), say() {} })).toEqual({
      directory: '',
      status: 'superseded',
    });
  });
});

test.each([
  ['into another branch', { into: 'an-old-commit-of-main' }],
  ['of another branch', { from: 'same-commit' }],
  ['of a fork', { fork: 'eve' }],
])('a pull request with the same head %s is not the one that was trained', async (_, answer) => {
  await using story = await startStory();
  await story.handOver(goodModel);
  story.answer(answer);
  const evaluated = await main(story.request, { github: new Octokit({ log: silent }), say() {} });
  expect(evaluated.status).toBe('superseded');
});

describe('a holdout that has judged before', () => {
  test('is told with its count, which leaves out the candidate itself', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer();
    const first = (await evaluate(story)).evaluated;
    expect(first.wear).toEqual({ judged: 0, since: null, warn: 50, limit: 200, factor: 1 });

    const { holdout, predictions } = first.headEvaluation ?? {};
    const use = (name: string, on: string) =>
      usePath({ holdout: holdout?.integrity ?? '', on, predictions: integrityOf(name) });
    story.answer({
      records: [
        usePath({
          holdout: holdout?.integrity ?? '',
          on: '2026-11-18',
          predictions: predictions?.integrity ?? '',
        }),
        use('a', '2026-11-20'),
        use('a', '2026-11-21'),
        use('b', '2026-11-22'),
      ],
    });
    const again = (await evaluate(story)).evaluated;
    expect(again.wear).toMatchObject({ judged: 2, since: '2026-11-20', factor: 1 });
    expect(again.warnings).toEqual([]);
  });
});

describe('what is wrong becomes a problem and the hand-over stands', () => {
  test('several at once: another key, another file, another model file than recorded', async () => {
    await using story = await startStory();
    await story.handOver(goodModel, { key: integrityOf('somebody else'), modelFile: null });
    story.answer();
    const { status, evaluated } = await evaluate(story);
    expect(status).toBe('error');
    expect(codes(evaluated)).toEqual(['key-mismatch', 'model-mismatch']);
    expect(evaluated.headEvaluation).not.toBeNull();
  });

  test('a model that has expired is no base, and the report says why there is none', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: weakModel, rung: 'ancestor', kept: 'nothing' });
    const { evaluated } = await evaluate(story);
    expect(evaluated.base.rung).toBe('none');
    expect(evaluated.base.skipped).toEqual([
      { rung: 'merge-base', reason: 'no run of what it is made of was ever judged' },
      {
        rung: 'ancestor',
        reason: expect.stringMatching(/^[0-9a-f]{7}, 1 before it: the model of #1 cannot be had: .*expired/),
      },
      { rung: 'ancestor', reason: 'none of the 1 commits before it ships a recorded run' },
      { rung: 'release', reason: 'the merge-base contains no release that counts' },
    ]);
  });

  test('a merged model that is not released yet is the base, out of the artifact of its training', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: weakModel, rung: 'merge-base', kept: 'artifact' });
    const { evaluated } = await evaluate(story);
    expect(evaluated.problems).toEqual([]);
    expect(evaluated.base).toMatchObject({ rung: 'merge-base', tag: null, pull: 1 });
    expect(evaluated.baseEvaluation?.sha256).toBe(evaluated.base.sha256);
  });

  test('an artifact with other bytes than were judged is no base', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: weakModel, rung: 'merge-base', kept: 'other bytes' });
    const { evaluated } = await evaluate(story);
    expect(evaluated.base.rung).toBe('none');
    expect(evaluated.base.skipped?.[0]?.reason).toMatch(/holds another model than was judged/);
  });

  test('a commit before the merge-base gives the base when the merge-base was never judged', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: weakModel, rung: 'ancestor' });
    const { evaluated, said } = await evaluate(story);
    expect(evaluated.base).toMatchObject({ rung: 'ancestor', distance: 1, pull: 1, tag: 'flight-delay@v1.0.0' });
    expect(evaluated.base.commit).not.toBe(story.request.commit);
    expect(evaluated.baseEvaluation?.sha256).toBe(evaluated.base.sha256);
    expect(said).toContain('Not merge-base: no run of what it is made of was ever judged');
  });

  test('a release to compare with that nobody judged', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: weakModel, judged: false });
    const { evaluated } = await evaluate(story);
    expect(codes(evaluated)).toEqual(['base-unusable']);
    expect(evaluated.baseEvaluation).toBeNull();
  });

  test('a record that hides what the model was trained on', async () => {
    await using story = await startStory();
    await story.handOver(goodModel, { sources: [] });
    story.answer();
    expect(codes((await evaluate(story)).evaluated)).toEqual(['sources-mismatch']);
  });

  test('a failed run says what its training said', async () => {
    await using story = await startStory();
    const message = 'Stage train ended with exit code 1. Its last lines: out of patience';
    const failure = { code: 'stage-failed' as const, stage: 'train', message };
    await story.handOver(null, { status: 'failed', failure });
    story.answer();
    const { evaluated } = await evaluate(story);
    expect(evaluated.problems).toEqual([
      { code: 'run-failed', message: `Training failed; correct it and push again. ${message}` },
    ]);
  });

  test.each([
    ['a run that handed nothing over', null, ['run-missing']],
    ['a file that is not ONNX', 'not a model', ['model-not-onnx']],
  ])('%s', async (_, model, expected) => {
    await using story = await startStory();
    if (model !== null) await story.handOver(model);
    story.answer();
    expect(codes((await evaluate(story)).evaluated)).toEqual(expected);
  });

  test('an empty holdout', async () => {
    await using story = await startStory({ flights: 'late IS NULL' });
    await story.handOver(goodModel);
    story.answer();
    expect(codes((await evaluate(story)).evaluated)).toEqual(['holdout-empty']);
  });

  test('a faulty configuration of the pull request, with every line', async () => {
    await using story = await startStory({
      edit: (text) => text.replace('task: binary', 'task: binery').replace('min: 0.5', 'min: half'),
    });
    story.answer();
    const { evaluated } = await evaluate(story);
    expect(codes(evaluated)).toEqual(['config-invalid', 'config-invalid', 'config-invalid', 'run-missing']);
    const messages = evaluated.problems.map(({ message }) => message);
    expect(messages[0]).toMatch(/^pulltrain\.yml of the pull request has 2 faults\. Correct it/);
    expect(messages[1]).toMatch(/^pulltrain\.yml:4:\d+ models\.flight-delay\.task: .*binery/);
    expect(messages[2]).toMatch(/^pulltrain\.yml:11:\d+ models\.flight-delay\.gates\.1/);
  });

  test('a faulty configuration of the default branch: nothing is measured', async () => {
    await using story = await startStory({ config: 'version: 1\nmodels:\n  flight-delay:\n    task: binery\n' });
    await story.handOver(goodModel);
    story.answer();
    const { evaluated, status } = await evaluate(story);
    expect(status).toBe('error');
    expect(evaluated).toMatchObject({ model: 'flight-delay', key: null, run: null, headEvaluation: null });
    expect(new Set(codes(evaluated))).toEqual(new Set(['config-invalid']));
    expect(evaluated.problems.map(({ message }) => message).join('\n')).toContain('pulltrain.yml:4:');
  });

  test('a configuration that names no model, or several, fails the job', async () => {
    for (const names of ['  {}', '  first: {}\n  second: {}']) {
      await using story = await startStory({ config: `version: 1\nmodels:\n${names}\n` });
      story.answer();
      await expect(evaluate(story)).rejects.toMatchObject({ code: 'config-invalid' });
    }
  });

  test.each([1, 2 ** 40])(
    'training data that reaches into the holdout, claimed to be %d times as large',
    async (times) => {
      await using story = await startStory({ trainedUntil: '2001-04-02', claim: (size) => size * times });
      await story.handOver(goodModel);
      story.answer();
      const { evaluated } = await evaluate(story);
      expect(evaluated.problems).toEqual([
        {
          code: 'holdout-leak',
          message: expect.stringContaining(
            'data/train.parquet has 1 rows inside it, and the holdout is 2001-04-01 to 2001-04-30',
          ),
        },
      ]);
    },
  );

  test('training data without the time whose rows are those of the holdout', async () => {
    await using story = await startStory({ learned: 'the holdout itself' });
    await story.handOver(goodModel);
    story.answer();
    const { evaluated } = await evaluate(story);
    expect(evaluated.seenRows).toEqual([
      expect.objectContaining({ model: 'head', path: 'data/train.parquet', columns: 4, status: 'leak' }),
    ]);
    expect(evaluated.seenRows?.[0]?.rows).toBe(evaluated.seenRows?.[0]?.of);
    expect(codes(evaluated)).toEqual(['holdout-leak']);
    expect(evaluated.problems[0]?.message).toContain('equal a row of data/train.parquet in all 4 columns');
  });

  test('a holdout that is not in its store, without telling where that is', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer();
    story.request.holdoutRemote = `${story.request.temporary}/nowhere`;
    const { evaluated, said } = await evaluate(story);
    expect(evaluated.problems).toEqual([
      { code: 'content-missing', message: expect.stringMatching(/^the holdout: the bytes are not in the store/) },
    ]);
    expect(said.join('\n')).not.toContain('nowhere');
  });
});
