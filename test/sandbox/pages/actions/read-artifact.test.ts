import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeGithub, startFakeGithub } from '../fake-github.ts';

const artifact = (name: string) => ({ name, workflow_run: { id: 7 } });
const path = '/repos/acme/flight-delays/actions/artifacts';
let github: FakeGithub;
beforeAll(async () => {
  github = await startFakeGithub({
    [`${path}/1`]: artifact('report.html'),
    [`${path}/1/zip`]: '<h1>Report</h1><script>alert(1)</script>',
    [`${path}/2`]: artifact('pulltrain-run'),
  });
});
afterAll(() => github.close());
const look = (run: number, id: number) => fetch(`${github.url}/acme/flight-delays/actions/runs/${run}/artifacts/${id}`);

test('an artifact that is one page opens as a page that may run nothing', async () => {
  const answer = await look(7, 1);
  expect(answer.headers.get('content-type')).toContain('text/html');
  expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
  expect(await answer.text()).toContain('<h1>Report</h1>');
});

test('a zip, one of another run, and one that is gone are not shown', async () => {
  expect((await look(7, 2)).status).toBe(404);
  expect((await look(8, 1)).status).toBe(404);
  expect((await look(7, 3)).status).toBe(404);
});
