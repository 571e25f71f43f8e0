import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openOnlineStore } from '../../../adapters/online-store/open-online-store.ts';
import { openSqliteStore } from '../../../adapters/online-store/open-sqlite-store.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';
import { describeOnlineStore } from './online-store-contract.ts';

describeOnlineStore('SQLite', async () => {
  const folder = temporaryDirectory();
  const file = join(folder.path, 'deep', 'online.db');
  const [store, other] = [openSqliteStore(file), openSqliteStore(file)];
  return {
    store,
    other,
    async [Symbol.asyncDispose]() {
      await Promise.all([store.close(), other.close()]);
      folder[Symbol.dispose]();
    },
  };
});

test('a file that is no database is named, and left alone', async () => {
  using folder = temporaryDirectory();
  const file = join(folder.path, 'notes.db');
  writeFileSync(file, 'not a database, but somebody may need it\n'.repeat(100));
  await expect(openOnlineStore('notes.db', folder.path)).rejects.toMatchObject({
    code: 'store-failed',
    parts: { where: file },
  });
});

test.each(['', 'mysql://host/db', 's3://bucket'])('"%s" is no online store', async (address) => {
  await expect(openOnlineStore(address, '/')).rejects.toMatchObject({ code: 'remote-unknown' });
});
