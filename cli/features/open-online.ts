import { join } from 'node:path';
import { openOnlineStore } from '../../adapters/online-store/open-online-store.ts';
import type { OnlineStore } from '../../pipelines/ports/online-store.ts';
import type { Terminal } from '../verb.ts';
import { findRoot } from './open-features.ts';

export const storeOption = {
  store: {
    type: 'string',
    placeholder: 'URL',
    about: 'online store: a SQLite file or redis://host [PULLTRAIN_ONLINE_STORE, .pulltrain/features/online.db]',
  },
} as const;

/** The online store of the option, else of the environment, else the embedded one of this checkout. */
export async function openOnline(
  named: string | undefined,
  terminal: Terminal,
): Promise<OnlineStore & AsyncDisposable> {
  const given = named ?? terminal.environment.PULLTRAIN_ONLINE_STORE;
  const store =
    given === undefined || given === ''
      ? await openOnlineStore(join('.pulltrain', 'features', 'online.db'), await findRoot(terminal.directory))
      : await openOnlineStore(given, terminal.directory);
  return { ...store, [Symbol.asyncDispose]: () => store.close() };
}
