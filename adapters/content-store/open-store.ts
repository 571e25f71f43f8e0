import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ContentStore } from '../../pipelines/ports/content-store.ts';
import { type Environment, openRemote } from '../remotes/open-remote.ts';
import { openLocalStore } from './open-local-store.ts';
import { openRemoteStore } from './open-remote-store.ts';

/**
 * The store behind an address: a folder (`file://` URL or absolute path), or any other remote, whose objects pass through
 * a folder of this machine. `environment` holds credentials. Throws `remote-unknown` for an address of no known kind.
 */
export function openStore(url: string, environment: Environment = process.env): ContentStore {
  if (isAbsolute(url)) return openLocalStore(url);
  if (url.startsWith('file:///')) return openLocalStore(fileURLToPath(url));
  if (url === '') {
    throw new PulltrainError('remote-unknown', {
      what: 'no data store is named',
      allowed: 'file:///folder, an absolute path, s3://bucket/prefix',
    });
  }
  return openRemoteStore(openRemote(url, environment), join(tmpdir(), `pulltrain-store-${process.pid}`));
}
