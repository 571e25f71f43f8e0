import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchObjects } from '../../../adapters/content-store/fetch-objects.ts';
import { openLocalStore } from '../../../adapters/content-store/open-local-store.ts';
import { pushObjects } from '../../../adapters/content-store/push-objects.ts';
import { openDirectoryRemote } from '../../../adapters/remotes/open-directory-remote.ts';
import type { StoredContent } from '../../../pipelines/ports/content-store.ts';

const watch = { total: () => undefined, passed: () => undefined };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-push-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('an object that the remote refuses is named, the others move, and the next try moves only it', async () => {
  const store = openLocalStore(join(folder, 'here'));
  const contents: StoredContent[] = [];
  for (let index = 0; index < 40; index += 1) {
    const file = join(folder, 'file');
    await writeFile(file, `content ${index}`);
    contents.push({ type: 'file', integrity: (await store.put(file)).integrity });
  }
  const integrity = contents[36]?.integrity ?? '';
  const hex = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
  const refused = `sha512/${hex.slice(0, 2)}/${hex.slice(2)}`;
  const remote = openDirectoryRemote(join(folder, 'there'));
  const refuse = (name: string) => {
    if (name === refused) throw new Error(`refused ${name}`);
  };
  const failing: typeof remote = {
    ...remote,
    write: async (name, source) => {
      refuse(name);
      return remote.write(name, source);
    },
    read: (name, range) => {
      refuse(name);
      return remote.read(name, range);
    },
  };
  const pushed = await pushObjects(store, failing, contents, watch);
  expect(pushed.objects).toBe(39);
  expect(pushed.faults).toEqual([expect.stringContaining(refused)]);
  const again = await pushObjects(store, remote, contents, watch);
  expect(again).toMatchObject({ objects: 1, faults: [] });

  const other = openLocalStore(join(folder, 'other'));
  const fetched = await fetchObjects(other, failing, contents, watch);
  expect(fetched.faults).toEqual([expect.stringContaining(refused)]);
  expect(fetched.absent).toEqual([integrity]);
  const rest = await fetchObjects(other, remote, contents, watch);
  expect(rest).toMatchObject({ bytes: 'content 36'.length, absent: [], faults: [] });
});
