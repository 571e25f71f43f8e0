import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PulltrainError } from '../../pipelines/errors.ts';

/** Milliseconds that one waits for another. */
const patience = 30_000;

/**
 * Keeps a collection of garbage and those who add apart: any number may hold a store together, one alone. The lock is the
 * system's own on a file, so it goes with the process, however that ends. Throws `store-busy` and `store-failed`.
 */
export function holdStore(root: string, how: 'together' | 'alone'): Disposable {
  mkdirSync(root, { recursive: true });
  const database = new DatabaseSync(join(root, 'lock.db'), { timeout: patience });
  try {
    database.exec('PRAGMA journal_mode = DELETE; CREATE TABLE IF NOT EXISTS holders (name TEXT)');
    if (how === 'alone') database.exec('BEGIN EXCLUSIVE');
    else database.exec('BEGIN; SELECT * FROM holders');
  } catch (cause) {
    database.close();
    const isBusy = cause instanceof Error && 'errcode' in cause && cause.errcode === 5;
    if (!isBusy) throw new PulltrainError('store-failed', { what: 'the store cannot be locked', where: root, cause });
    throw new PulltrainError('store-busy', {
      what: how === 'alone' ? 'data is being added to the store' : 'the store is being cleaned',
      where: root,
      cure: 'Try again when the other command has ended.',
      cause,
    });
  }
  return { [Symbol.dispose]: () => database.close() };
}
