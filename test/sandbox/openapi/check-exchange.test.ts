import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { startGitHub } from '../../../sandbox/github/start-github.ts';
import { type ExchangeChecker, openExchangeChecker } from '../../../sandbox/openapi/check-exchange.ts';
import { operationKey } from '../../../sandbox/openapi/select-operations.ts';
import { startWorkflows } from '../../../sandbox/workflows/start-workflows.ts';

const label = {
  id: 1,
  node_id: 'x',
  url: 'http://a/b',
  name: 'drift',
  description: null,
  color: 'ededed',
  default: false,
};
const create = {
  method: 'POST',
  route: '/repos/{owner}/{repo}/labels',
  query: {},
  requestBody: { name: 'drift' },
  status: 201,
  responseBody: label,
};

let check: ExchangeChecker;
beforeAll(async () => {
  check = await openExchangeChecker();
});

test('what GitHub would say and take is in order', () => {
  expect(check(create)).toEqual([]);
  expect(check({ ...create, route: '/repos/{o}/{r}/labels' })).toEqual([]);
});

test.each([
  ['a route GitHub does not have', { route: '/repos/{owner}/{repo}/nonsense' }, /no such route/],
  ['a missing field', { responseBody: { ...label, color: undefined } }, /'color'/],
  ['a wrong type', { responseBody: { ...label, id: 'one' } }, /id: must be integer/],
  ['a null where none may be', { responseBody: { ...label, name: null } }, /name: must be string/],
  ['a bad address', { responseBody: { ...label, url: 'not one' } }, /url: must match format/],
  ['a request without what it needs', { requestBody: {} }, /body: must have required property 'name'/],
  ['a query that GitHub ignores', { query: { colour: 'red' } }, /query: must NOT have additional properties/],
  ['a status GitHub never answers', { status: 218 }, /never answers 218/],
  ['a server error', { status: 500, responseBody: { message: 'x' } }, /never answers 500/],
  ['an answer that is missing', { responseBody: undefined }, /GitHub sends JSON here/],
  ['an error in other words', { status: 404, responseBody: { message: 7 } }, /message: must be string/],
])('%s is a violation', (_, change, expected) => {
  expect(check({ ...create, ...change }).join('\n')).toMatch(expected);
});

test('a refused request may be as bad as it likes', () => {
  const refusal = { message: 'Validation Failed', documentation_url: 'https://docs.github.com/rest' };
  expect(check({ ...create, requestBody: {}, status: 422, responseBody: refusal })).toEqual([]);
});

test('a local GitHub that breaks its word says so when it closes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pulltrain-openapi-'));
  const github = await startGitHub({ directory, checkOpenApi: true });
  github.route({ method: 'GET', path: '/emojis', needs: 'anyone', handler: async () => ({}) });
  await fetch(`${github.url}/emojis`);
  await expect(github.close()).rejects.toMatchObject({ code: 'openapi-violation' });
  await rm(directory, { recursive: true });
});

test('the committed subset holds exactly the routes that are served', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pulltrain-openapi-'));
  const github = await startGitHub({ directory });
  const workflows = await startWorkflows(github, { directory });
  const served = [...new Set(github.routes().map(({ method, route }) => operationKey(method, route)))].sort();
  await workflows.close();
  await github.close();
  await rm(directory, { recursive: true });
  const file = new URL('../../../sandbox/openapi/github-subset.json', import.meta.url);
  const { operations } = JSON.parse(await readFile(file, 'utf8'));
  expect(Object.keys(operations).sort()).toEqual(served);
});
