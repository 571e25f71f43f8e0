import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main as evaluate } from '../../../actions/evaluate/main.ts';
import { type Reported, main as report } from '../../../actions/report/main.ts';
import { type PageDrawer, startPage } from '../../../actions/report/start-page.ts';
import { type Judgement, judgementSchema } from '../../../pipelines/contracts/judgement.ts';
import { flightsPolicy } from '../../pipelines/evaluation/holdout.ts';
import { goodModel, type Story, startStory, weakModel } from '../evaluate/story.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());

/** Drawing takes a second of its own, and is looked at once. */
const noPage = (): PageDrawer => ({ draw: async () => null, stop() {} });
const policy = flightsPolicy({ gates: [{ metric: 'roc_auc', noninferior: 0.002 }] });
async function judge(
  story: Story,
  inForce: ReturnType<typeof flightsPolicy> | null = policy,
  startPage: (evaluated: string) => PageDrawer = noPage,
): Promise<{ judgement: Judgement; comment: string; directory: string; page: Reported['page'] }> {
  const { directory } = await evaluate(story.request, { github: new Octokit({ log: silent }), say() {} });
  const { temporary } = story.request;
  const request = {
    model: 'flight-delay',
    policy: inForce,
    directory,
    temporary,
    runs: 'https://github.example/runs',
    runId: 13,
  };
  const reported = await report(request, { clock: { now: () => new Date('2026-11-21T02:00:00Z') }, startPage });
  const judgement = judgementSchema.parse(
    JSON.parse(await readFile(join(reported.directory, 'judgement.json'), 'utf8')),
  );
  expect(judgement).toEqual(reported.judgement);
  return {
    judgement,
    comment: await readFile(join(reported.directory, 'comment.md'), 'utf8'),
    directory,
    page: reported.page,
  };
}

describe('reporting on an evaluation', () => {
  test('a better model passes with evidence, and the profile travels on', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: weakModel });
    const { judgement, comment, page } = await judge(story, policy, startPage);
    expect(judgement.verdict.status).toBe('pass');
    expect(comment).toMatch(/### ✅ flight-delay: better than base \(ROC AUC \+0\.\d{4}/);
    expect(comment).toContain('(https://github.example/runs/12)');
    const profile = join(story.request.temporary, 'pulltrain-judgement-13-flight-delay', 'profile.json');
    expect(JSON.parse(await readFile(profile, 'utf8'))).toMatchObject({ kind: 'profile' });
    if (page.file === null) throw new Error(page.reason);
    const html = await readFile(page.file, 'utf8');
    expect(html).toContain('Judgement of flight-delay in pull request');
    expect(html).toContain('id="slice-changes"');
  });

  test('a page that cannot be drawn costs nothing else', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: weakModel });
    const { judgement, page } = await judge(story, policy, () => ({ draw: async () => 'no memory', stop() {} }));
    expect(judgement.verdict.status).toBe('pass');
    expect(page).toEqual({ file: null, reason: 'no memory' });
  });

  test('a worse model fails and says by how much', async () => {
    await using story = await startStory();
    await story.handOver(weakModel);
    story.answer({ release: goodModel });
    const { judgement, comment } = await judge(story);
    expect(judgement.verdict.status).toBe('fail');
    expect(comment).toMatch(
      /### ❌ flight-delay: worse than base \(ROC AUC -0\.\d{4}.*\), fails roc_auc >= base - 0\.\d+\n[\s\S]* is 0\.\d{4} below base 0\.\d{4}/,
    );
  });

  test('what could not be evaluated is an error with its reason', async () => {
    await using story = await startStory();
    story.answer({ release: goodModel });
    const { judgement, comment } = await judge(story);
    expect(judgement.verdict.status).toBe('error');
    expect(judgement.comparison).toBeNull();
    expect(comment).toContain('the training run handed over no record');
  });

  test('faults of the configuration in force are told one by one', async () => {
    const config = 'version: 1\nmodels:\n  flight-delay:\n    task: binery\n    output: /model.onnx\n';
    await using story = await startStory({ config });
    await story.handOver(goodModel);
    story.answer();
    const { judgement, comment } = await judge(story, null);
    expect(judgement.verdict).toMatchObject({ status: 'error', gates: [] });
    expect(comment).toMatch(
      /### ⛔ flight-delay: could not be judged, for \d reasons\n[\s\S]*pulltrain\.yml of the default branch has/,
    );
    expect(comment).toMatch(/^- .*pulltrain\.yml:4:\d+ .*task.*binery/m);
    expect(comment).toMatch(/^- .*pulltrain\.yml:5:\d+ .*output/m);
  });

  test('a base that cannot be evaluated leaves no comparison', async () => {
    await using story = await startStory();
    await story.handOver(goodModel);
    story.answer({ release: Buffer.from('not a model') });
    const { judgement, comment } = await judge(story);
    expect(judgement).toMatchObject({ comparison: null, verdict: { status: 'error' } });
    expect(comment).toMatch(/the (release|base) to compare with/);
  });
});

test('a folder that was not handed over by an evaluation is refused', async () => {
  await using story = await startStory();
  const { temporary } = story.request;
  const directory = join(temporary, 'foreign');
  const request = { model: 'flight-delay', policy, directory, temporary, runs: '', runId: 13 };
  const ports = { clock: { now: () => new Date() }, startPage: noPage };
  await expect(report(request, ports)).rejects.toMatchObject({ code: 'evaluated-missing' });
  await mkdir(directory);
  await writeFile(join(directory, 'evaluated.json'), '{"kind":"evaluated"}');
  await expect(report(request, ports)).rejects.toMatchObject({ code: 'evaluated-invalid' });
});
