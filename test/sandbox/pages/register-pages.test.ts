import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeGithub, startFakeGithub } from './fake-github.ts';
import { headSha } from './fixtures/github-answers.ts';

let github: FakeGithub;
beforeAll(async () => {
  github = await startFakeGithub();
});
afterAll(() => github.close());

const home = '/acme/flight-delays';
const look = async (path: string) => {
  const response = await fetch(`${github.url}${path}`, { redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
/** What a reader reads: no tags, no runs of white space. */
const words = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

test.for([
  ['/', 'The story so far'],
  ['/maya', 'No repositories yet'],
  ['/pulltrain', 'Bot'],
  [home, 'Predicts whether a flight leaves more than 15 minutes late'],
  [`${home}/tree/main/src`, 'train.ts'],
  [`${home}/tree/retrain/flight-delay/src`, 'train.ts'],
  [`${home}/blob/main/params.yaml`, 'trees: 80'],
  [`${home}/blob/main/out/model.onnx`, 'Binary file, not shown'],
  [`${home}/commits`, 'Merge pull request #1'],
  [`${home}/commit/${headSha}`, '1 deletion'],
  [`${home}/pulls`, 'Try four shallow trees'],
  [`${home}/pulls?state=closed`, 'First model'],
  [`${home}/pull/1`, 'dana merged'],
  [`${home}/pull/2`, 'maya wants to merge 2 commits'],
  [`${home}/pull/2/commits`, 'Use the rates of both airports'],
  [`${home}/pull/2/files`, '3 changed files'],
  [`${home}/pull/2/checks`, 'Better than base: ROC AUC +0.0153'],
  [`${home}/pull/2/checks?check_run_id=503`, 'This check has reported no details yet'],
  [`${home}/runs/501`, 'All four pass'],
  [`${home}/issues`, 'Drift: flight-delay'],
  [`${home}/issues/4`, '3 of 8 findings drifted'],
  [`${home}/actions`, '3 workflow runs'],
  [`${home}/actions?workflow=1`, '2 workflow runs'],
  [`${home}/actions/runs/71`, 'pulltrain-run'],
  [`${home}/actions/runs/71/job/711`, 'Training on 2,201,344 rows'],
  [`${home}/actions/runs/72/job/721`, 'Scoring 481,022 rows'],
  [`${home}/actions/runs/73/job/731`, 'No runner has these labels'],
  [`${home}/releases`, 'sha256:9f2c4a7be1d05836'],
  [`${home}/releases/tag/flight-delay@v1.0.0`, '178 KB'],
  [`${home}/deployments`, '100 % of traffic'],
] as const)('%s shows "%s"', async ([path, expected]) => {
  const { status, text } = await look(path);
  expect(status).toBe(200);
  expect(words(text)).toContain(expected);
});

test('the front page tells what came of every step, and what is under way', async () => {
  const { text } = await look('/');
  const story = text.slice(text.indexOf('id="story-title"'), text.indexOf('Repositories</h2>'));
  expect(story).toContain('fails roc_auc &lt;b&gt;');
  expect([...story.matchAll(/aria-label="([^"]+)"/g)].map(([, label]) => label)).toEqual([
    'Done',
    'Done',
    'Ended red',
    'Under way',
  ]);
  expect(words(story)).toContain('1. First model 9 facts checked');
  expect(words(story)).toContain('2. A worse one 1 of 4 facts do not hold');
  expect(words(story)).toContain('Production answers 4,832 flights');
});

test('a step of a rollout that is over is done, and only the newest may be in progress', async () => {
  const { text } = await look(`${home}/deployments`);
  const histories = text
    .split('<ol class="history"')
    .slice(1)
    .map((part) => words(part.slice(0, part.indexOf('</ol>'))));
  expect(histories.length).toBeGreaterThan(0);
  expect(histories.some((history) => history.includes('Done'))).toBe(true);
  for (const history of histories) expect(history.split('In progress').length - 1).toBeLessThanOrEqual(1);
});

describe('every page', () => {
  test('allows scripts, styles and connections of this server only', async () => {
    const { headers } = await look(`${home}/pull/2`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|unsafe|\*/);
  });

  test('shows markup of a repository as text', async () => {
    const [diff, log, blob] = await Promise.all(
      ['/pull/2/files', '/actions/runs/71/job/711', '/blob/main/params.yaml'].map((path) => look(home + path)),
    );
    expect(diff?.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(log?.text).toContain('&lt;b&gt;not bold&lt;/b&gt;');
    expect(blob?.text).toContain('&lt;b&gt;&amp;amp;&lt;/b&gt;');
  });

  test('has one main landmark, one first heading and a way past the header', async () => {
    for (const path of ['/', home, `${home}/pull/2`, `${home}/actions`, `${home}/issues/4`, `${home}/nothing`]) {
      const { text } = await look(path);
      expect(text.match(/<main /g)).toHaveLength(1);
      expect(text).toContain('href="#main"');
      // Comments and files may bring first headings of their own.
      expect(text.replace(/<div class="markdown">.*?<\/(article|section)>/gs, '').match(/<h1/g)).toHaveLength(1);
    }
  });
});

test('bytes of a repository come as plain text that cannot act as a page', async () => {
  const { status, headers, text } = await look(`${home}/raw/main/params.yaml`);
  expect(status).toBe(200);
  expect(text).toContain('name: "<b>&amp;</b>"');
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain('sandbox');
});

test('addresses of git and of issues that are pull requests lead to the right page', async () => {
  expect((await look(`${home}.git`)).headers.get('location')).toBe(home);
  expect((await look(`${home}/issues/2`)).headers.get('location')).toBe(`${home}/pull/2`);
});

test('what is not there is a page with 404, and REST keeps its own', async () => {
  for (const path of [
    '/nobody',
    '/acme/nothing',
    `${home}/pull/99`,
    `${home}/releases/tag/v9`,
    `${home}/raw/main/no`,
  ]) {
    const { status, headers } = await look(path);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('text/html');
  }
  for (const path of ['/repos/acme', '/user/unknown', '/orgs/acme']) {
    const { status, headers } = await look(path);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('json');
  }
});

test('answers that are not shaped as GitHub’s are a 502 that names the request', async () => {
  const broken = await startFakeGithub({ '/repos/acme/flight-delays/pulls/2': { number: 'two' } });
  const response = await fetch(`${broken.url}${home}/pull/2`);
  expect(response.status).toBe(502);
  expect(await response.text()).toContain('/repos/acme/flight-delays/pulls/2');
  await broken.close();
});
