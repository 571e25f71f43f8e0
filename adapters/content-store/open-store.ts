import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ContentStore } from '../../pipelines/ports/content-store.ts';
import { openLocalStore } from './open-local-store.ts';

/** The store behind a `file://` URL or an absolute path. Throws `remote-unknown` for anything else. */
export function openStore(url: string): ContentStore {
  if (isAbsolute(url)) return openLocalStore(url);
  if (url.startsWith('file:///')) return openLocalStore(fileURLToPath(url));
  throw new PulltrainError('remote-unknown', {
    what: url === '' ? 'no data store is named' : 'this kind of data store is not known',
    ...(url === '' ? {} : { seen: withoutSecrets(url) }),
    allowed: 'file:///folder or an absolute path',
  });
}

/** Credentials that stand in a URL have no business in a message. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//***@').replace(/\?.*$/, '?***');
}
