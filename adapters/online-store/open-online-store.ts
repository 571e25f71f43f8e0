import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { OnlineStore } from '../../pipelines/ports/online-store.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

/**
 * The online store behind an address: a file (`online.db`, `file:///srv/online.db`) is SQLite, `redis://` and `rediss://` are
 * Redis. Relative files begin at `directory`. Throws `remote-unknown` for anything else and `store-failed`.
 */
export async function openOnlineStore(address: string, directory: string): Promise<OnlineStore> {
  if (/^rediss?:\/\//.test(address)) return (await import('./open-redis-store.ts')).openRedisStore(address);
  if (address.startsWith('file:///')) return openSqliteStore(fileURLToPath(address));
  if (address !== '' && !/^[a-z][a-z0-9+.-]*:/i.test(address)) return openSqliteStore(resolve(directory, address));
  throw new PulltrainError('remote-unknown', {
    what: address === '' ? 'no online store is named' : 'this kind of online store is not known',
    ...(address === '' ? {} : { seen: `${address.split(':')[0]}:` }),
    allowed: 'a file, file:///path, redis://host:port/number or rediss://host:port/number',
  });
}
