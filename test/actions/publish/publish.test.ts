import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { publish } from '../../../actions/publish/publish.ts';
import { downloadAsset } from '../../../adapters/releases/download-asset.ts';
import { modelManifestSchema } from '../../../pipelines/contracts/model-manifest.ts';
import { releaseMarker } from '../../../pipelines/registry/release-marker.ts';
import { keyOf, modelOf, openPromotion } from '../open-promotion.ts';

type World = Awaited<ReturnType<typeof openPromotion>>;

function publishKey(world: World, key: string, said: string[] = []) {
  const request = {
    ...world.at,
    model: 'flight-delay',
    key,
    commit: world.commit,
    features: [],
    temporary: world.folder,
  };
  const clock = { now: () => new Date('2026-11-21T02:00:00Z') };
  const github = world.job({ contents: 'write', actions: 'read' });
  return publish(request, { github, clock, say: (line) => void said.push(line) });
}

test('the very bytes that were judged become the release, with everything that proves it', async () => {
  await using world = await openPromotion();
  const key = keyOf('one');
  const entry = await world.judge({ key, model: modelOf(0.1) });
  const published = await publishKey(world, key);
  expect(published).toMatchObject({
    outcome: 'published',
    manifest: { tag: 'flight-delay@v1.0.0', key, verdict: 'pass' },
  });

  const tag = 'flight-delay@v1.0.0';
  const { data } = await world.as('ravi').rest.repos.getReleaseByTag({ ...world.at, tag });
  expect(data.assets.map(({ name }) => name).sort()).toEqual([
    'README.md',
    'evaluation.json',
    'judgement.json',
    'manifest.json',
    'model.onnx',
    'profile.json',
  ]);
  expect(data.assets.find(({ name }) => name === 'model.onnx')?.digest).toBe(`sha256:${entry.sha256}`);
  expect(data.body).toMatch(/^<!-- pulltrain:release key=sha512-\S+ -->\n# flight-delay/);
  const fetch = (name: string) => downloadAsset(world.as('ravi'), { ...world.at, tag, name });
  const manifest = modelManifestSchema.parse(JSON.parse(String(await fetch('manifest.json'))));
  expect(manifest).toMatchObject({ lineage: 'reported', commit: world.commit, pull: entry.pull, task: 'binary' });
  for (const file of manifest.files) {
    const bytes = await fetch(file.name);
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([file.size, file.sha256]);
  }
  const { data: ref } = await world.as('ravi').rest.git.getRef({ ...world.at, ref: `tags/${tag}` });
  expect(ref.object.sha).toBe(world.commit);
});

test('publishing again finds the release; a new run is the next version', async () => {
  await using world = await openPromotion();
  await world.judge({ key: keyOf('one'), model: modelOf(0.1) });
  await world.judge({ key: keyOf('two'), model: modelOf(0.2) });
  await publishKey(world, keyOf('one'));
  expect(await publishKey(world, keyOf('one'))).toMatchObject({
    outcome: 'released-already',
    manifest: { release: '1.0.0' },
  });
  expect(await publishKey(world, keyOf('two'))).toMatchObject({ outcome: 'published', manifest: { release: '1.1.0' } });
  // A revert brings back what was released before.
  expect(await publishKey(world, keyOf('one'))).toMatchObject({
    outcome: 'released-already',
    manifest: { release: '1.0.0' },
  });
  expect((await world.as('ravi').rest.repos.listReleases(world.at)).data).toHaveLength(2);
});

test('a pull request that nobody merged replaces nothing of the one that was, by passing or by failing', async () => {
  await using world = await openPromotion();
  const reviewed = await world.judge({ key: keyOf('one'), model: modelOf(0.1) });
  await world.judge({ key: keyOf('one'), model: modelOf(0.7), merged: false });
  await world.judge({ key: keyOf('one'), model: modelOf(0.8), merged: false, status: 'fail' });
  const published = await publishKey(world, keyOf('one'));
  expect(published).toMatchObject({ outcome: 'published', manifest: { pull: reviewed.pull } });
  expect(JSON.stringify(published)).toContain(reviewed.sha256);
});

test('a model that was judged and never merged is not released', async () => {
  await using world = await openPromotion();
  await world.judge({ key: keyOf('one'), model: modelOf(0.1), merged: false });
  expect(await publishKey(world, keyOf('one'))).toEqual({ outcome: 'nothing-judged' });
});

test('a release that somebody else made for the key counts for nothing', async () => {
  await using world = await openPromotion();
  await world.judge({ key: keyOf('two'), model: modelOf(0.2) });
  const genuine = await publishKey(world, keyOf('two'));
  if (!('manifest' in genuine)) throw new Error('a release was expected');
  await world.judge({ key: keyOf('one'), model: modelOf(0.1) });
  // Judged as well, in a pull request that nobody merged.
  await world.judge({ key: keyOf('one'), model: modelOf(0.2), merged: false });
  const maya = world.as('maya');
  const tag = 'flight-delay@v7.0.0';
  const body = releaseMarker(keyOf('one'));
  const forged = await maya.rest.repos.createRelease({ ...world.at, tag_name: tag, body, draft: true });
  const manifest = { ...genuine.manifest, tag, release: '7.0.0', key: keyOf('one') };
  await maya.request(`POST ${forged.data.upload_url}`, {
    name: 'manifest.json',
    data: Buffer.from(JSON.stringify(manifest)),
    headers: { 'content-type': 'application/json' },
  });
  await maya.rest.repos.updateRelease({ ...world.at, release_id: forged.data.id, draft: false });
  await maya.rest.repos.createRelease({ ...world.at, tag_name: 'flight-delay@v7.0.1', body });
  expect(await publishKey(world, keyOf('one'))).toMatchObject({ outcome: 'published', manifest: { release: '7.1.0' } });
});

test('nothing judged is nothing released', async () => {
  await using world = await openPromotion();
  expect(await publishKey(world, keyOf('never'))).toEqual({ outcome: 'nothing-judged' });
});

test.each([
  ['fail', /only a model that passed its gates is released \(got fail; allowed: pass\)/],
  ['inconclusive', /holdout is too small to decide/],
  ['error', /got error/],
] as const)('a verdict of %s is not released', async (status, message) => {
  await using world = await openPromotion();
  await world.judge({ key: keyOf('one'), model: modelOf(0.1), status });
  await expect(publishKey(world, keyOf('one'))).rejects.toThrow(message);
  expect((await world.as('ravi').rest.repos.listReleases(world.at)).data).toEqual([]);
});

test('an artifact with other bytes than were judged is not released', async () => {
  await using world = await openPromotion();
  await world.judge({ key: keyOf('one'), model: modelOf(0.1), tamper: true });
  await expect(publishKey(world, keyOf('one'))).rejects.toMatchObject({ code: 'bytes-not-judged' });
  expect((await world.as('dana').rest.repos.listReleases(world.at)).data).toEqual([]);
});

test('a judgement that was changed after it was recorded proves nothing', async () => {
  await using world = await openPromotion();
  const entry = await world.judge({ key: keyOf('one'), model: modelOf(0.1) });
  const document = Object(await world.ledger.read(entry.judgement.path));
  await world.ledger.write(
    [{ path: entry.judgement.path, document: { ...document, judgedAt: '2026-11-21T09:00:00Z' } }],
    'Edit',
    { replace: true },
  );
  await expect(publishKey(world, keyOf('one'))).rejects.toMatchObject({ code: 'evidence-mismatch' });
});

test('a model that was rolled back is not released again', async () => {
  await using world = await openPromotion();
  await world.judge({ key: keyOf('one'), model: modelOf(0.1) });
  await publishKey(world, keyOf('one'));
  await world.ledger.write(
    [{ path: 'quarantine/flight-delay/1.0.0.json', document: { kind: 'quarantine' } }],
    'Quarantine',
  );
  await expect(publishKey(world, keyOf('one'))).rejects.toMatchObject({ code: 'release-quarantined' });
});

test('what a crash left half done is completed: right files stay, wrong ones go', async () => {
  await using world = await openPromotion();
  const model = modelOf(0.1);
  await world.judge({ key: keyOf('one'), model });
  const maya = world.as('maya');
  const draft = await maya.rest.repos.createRelease({
    ...world.at,
    tag_name: 'flight-delay@v1.0.0',
    target_commitish: world.commit,
    draft: true,
  });
  for (const [name, data] of [
    ['model.onnx', model],
    ['manifest.json', Buffer.from('{')],
    ['stray.txt', Buffer.from('x')],
  ] as const) {
    await maya.request(`POST ${draft.data.upload_url}`, {
      name,
      data: Buffer.from(data),
      headers: { 'content-type': 'text/plain' },
    });
  }
  const before = (await maya.rest.repos.listReleaseAssets({ ...world.at, release_id: draft.data.id })).data;
  await publishKey(world, keyOf('one'));
  const { data } = await maya.rest.repos.getReleaseByTag({ ...world.at, tag: 'flight-delay@v1.0.0' });
  expect(data.id).toBe(draft.data.id);
  expect(data.assets).toHaveLength(6);
  const idOf = (assets: { name: string; id: number }[]) => assets.find(({ name }) => name === 'model.onnx')?.id;
  expect(idOf(data.assets)).toBe(idOf(before));
  expect(data.assets.map(({ name }) => name)).not.toContain('stray.txt');
});

test('notes that claim the key of another release are not believed', async () => {
  await using world = await openPromotion();
  await world.judge({ key: keyOf('one'), model: modelOf(0.1) });
  await world.judge({ key: keyOf('two'), model: modelOf(0.2) });
  await publishKey(world, keyOf('one'));
  const maya = world.as('maya');
  const { data } = await maya.rest.repos.getReleaseByTag({ ...world.at, tag: 'flight-delay@v1.0.0' });
  await maya.rest.repos.updateRelease({
    ...world.at,
    release_id: data.id,
    body: `<!-- pulltrain:release key=${keyOf('two')} -->`,
  });
  expect(await publishKey(world, keyOf('two'))).toMatchObject({ outcome: 'published', manifest: { release: '1.1.0' } });
});
