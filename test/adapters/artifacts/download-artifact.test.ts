import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { strToU8, zipSync } from 'fflate';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { downloadArtifact } from '../../../adapters/artifacts/download-artifact.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

const github = new Octokit({ auth: 'token', log: { debug() {}, info() {}, warn() {}, error() {} } });
const request = { owner: 'acme', repo: 'flights', runId: 7, name: 'pulltrain-run', allowed: ['model.onnx'] };
const zip = Buffer.from(zipSync({ 'model.onnx': strToU8('bytes') }));
const digest = `sha256:${createHash('sha256').update(zip).digest('hex')}`;
const artifact = { id: 3, name: 'pulltrain-run', size_in_bytes: zip.length, expired: false, digest };

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const list = (artifacts: object[]) =>
  nock('https://api.github.com')
    .get('/repos/acme/flights/actions/runs/7/artifacts')
    .query({ name: 'pulltrain-run', per_page: 100 })
    .reply(200, { total_count: artifacts.length, artifacts });
const serve = (id: number, bytes: Buffer) => {
  nock('https://api.github.com')
    .get(`/repos/acme/flights/actions/artifacts/${id}/zip`)
    .reply(302, '', { location: `https://store.example/${id}` });
  return nock('https://store.example').get(`/${id}`).reply(200, bytes, { 'content-type': 'application/zip' });
};

test('the newest artifact of that name is unpacked', async () => {
  using folder = temporaryDirectory();
  list([artifact, { ...artifact, id: 9 }, { ...artifact, id: 11, name: 'pulltrain-run-2' }]);
  serve(9, zip);
  expect(await downloadArtifact(github, { ...request, into: join(folder.path, 'a') })).toEqual({
    files: ['model.onnx'],
  });
});

test.each<[string, object[], string]>([
  ['none', [], 'artifact-missing'],
  ['another name', [{ ...artifact, name: 'other' }], 'artifact-missing'],
  ['an expired one', [{ ...artifact, expired: true }], 'artifact-expired'],
  ['one too large to fetch', [{ ...artifact, size_in_bytes: 2 ** 40 }], 'artifact-refused'],
])('%s is refused without a download', async (_, artifacts, code) => {
  using folder = temporaryDirectory();
  list(artifacts);
  await expect(downloadArtifact(github, { ...request, into: join(folder.path, 'a') })).rejects.toMatchObject({ code });
});

test('bytes that are not those GitHub took in are refused', async () => {
  using folder = temporaryDirectory();
  list([artifact]);
  serve(3, Buffer.from(zipSync({ 'model.onnx': strToU8('other') })));
  await expect(downloadArtifact(github, { ...request, into: join(folder.path, 'a') })).rejects.toMatchObject({
    code: 'artifact-refused',
    parts: { allowed: digest },
  });
});
