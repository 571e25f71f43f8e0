import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openPlayground } from './open-playground.ts';

const tag = 'flight-delay@v1.0.0';

test('a release is drafted, filled, published once and then stands for ever', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const sha = await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const token = play.github.issueJobToken(play.repository, { runId: 1, jobId: 1 }, { contents: 'write' });
  const job = play.withToken(token);
  const draft = await job.rest.repos.createRelease({ ...play.at, tag_name: tag, target_commitish: sha, draft: true });
  const release = { ...play.at, release_id: draft.data.id };
  const bytes = Buffer.from([0, 1, 2, 255, 10, 13]);
  const upload = (name: string) =>
    job.rest.repos.uploadReleaseAsset({
      ...release,
      url: draft.data.upload_url,
      name,
      data: bytes as unknown as string,
      headers: { 'content-type': 'application/json' },
    });
  const asset = await upload('model.onnx');
  expect(asset.data).toMatchObject({ name: 'model.onnx', size: 6, state: 'uploaded' });
  expect(asset.data.digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  const spare = await upload('a spare (1).txt');
  expect(spare.data.name).toBe('a.spare.1.txt');
  await job.rest.repos.deleteReleaseAsset({ ...play.at, asset_id: spare.data.id });
  expect((await job.rest.repos.listReleaseAssets(release)).data.map(({ name }) => name)).toEqual(['model.onnx']);
  expect((await job.rest.repos.getRelease(release)).data.draft).toBe(true);
  await expect(upload('model.onnx')).rejects.toMatchObject({ status: 422 });
  await expect(job.rest.repos.getReleaseByTag({ ...play.at, tag })).rejects.toMatchObject({ status: 404 });
  expect(await clone.git('ls-remote', '--tags', 'origin')).toBe('');
  await expect(play.as('ravi').rest.repos.getRelease(release)).rejects.toMatchObject({ status: 404 });

  const published = await job.rest.repos.updateRelease({ ...release, draft: false });
  expect(published.data).toMatchObject({ draft: false, immutable: true, tag_name: tag });
  expect(await clone.git('ls-remote', '--tags', 'origin')).toContain(`${sha}\trefs/tags/${tag}`);
  expect((await job.rest.repos.getReleaseByTag({ ...play.at, tag })).data.assets).toHaveLength(1);
  const bytesBack = await job.rest.repos.getReleaseAsset({
    ...play.at,
    asset_id: asset.data.id,
    headers: { accept: 'application/octet-stream' },
  });
  expect(Buffer.from(bytesBack.data as unknown as ArrayBuffer)).toEqual(bytes);
  const page = await fetch(asset.data.browser_download_url);
  expect(Buffer.from(await page.arrayBuffer())).toEqual(bytes);

  await expect(upload('late.txt')).rejects.toMatchObject({ status: 422 });
  await expect(job.rest.repos.deleteReleaseAsset({ ...play.at, asset_id: asset.data.id })).rejects.toMatchObject({
    status: 422,
  });
  await expect(job.rest.repos.updateRelease({ ...release, prerelease: true })).rejects.toMatchObject({ status: 422 });
  expect((await job.rest.repos.updateRelease({ ...release, body: 'Notes' })).data.body).toBe('Notes');
  await expect(job.rest.git.deleteRef({ ...play.at, ref: `tags/${tag}` })).rejects.toMatchObject({ status: 422 });
  await expect(clone.git('push', 'origin', '--delete', `refs/tags/${tag}`)).rejects.toThrow(/declined/);
  await job.rest.repos.deleteRelease(release);
  await expect(job.rest.repos.createRelease({ ...play.at, tag_name: tag })).rejects.toMatchObject({ status: 422 });
  const actions = play.events.filter(({ name }) => name === 'release').map(({ action }) => action);
  expect(actions).toEqual(['published', 'released']);
});

test('the latest release is the newest full one that wants to be', async () => {
  await using play = await openPlayground();
  await (await play.clone('maya', 'work')).push('main', { 'a.txt': 'a\n' }, 'First');
  const maya = play.as('maya');
  const make = (name: string, more: object) => maya.rest.repos.createRelease({ ...play.at, tag_name: name, ...more });
  await expect(maya.rest.repos.getLatestRelease(play.at)).rejects.toMatchObject({ status: 404 });
  await make('m@v1.0.0', {});
  await make('m@v1.1.0', { make_latest: 'false' });
  await make('m@v2.0.0-rc.1', { prerelease: true });
  expect((await maya.rest.repos.getLatestRelease(play.at)).data.tag_name).toBe('m@v1.0.0');
  const names = (await maya.rest.repos.listReleases(play.at)).data.map(({ tag_name: name }) => name);
  expect(names).toEqual(['m@v2.0.0-rc.1', 'm@v1.1.0', 'm@v1.0.0']);
});

test('a job may not tag a commit that changes workflows', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const maya = play.as('maya');
  const content = Buffer.from('on: push\n').toString('base64');
  await maya.rest.git.createRef({ ...play.at, ref: 'refs/heads/evil', sha: await clone.git('rev-parse', 'HEAD') });
  const path = '.github/workflows/x.yml';
  await maya.rest.repos.createOrUpdateFileContents({ ...play.at, path, branch: 'evil', message: 'x', content });
  const token = play.github.issueJobToken(play.repository, { runId: 1, jobId: 1 }, { contents: 'write' });
  const release = { ...play.at, tag_name: 'v1', target_commitish: 'evil' };
  await expect(play.withToken(token).rest.repos.createRelease(release)).rejects.toMatchObject({ status: 403 });
  expect((await maya.rest.repos.createRelease(release)).status).toBe(201);
});
