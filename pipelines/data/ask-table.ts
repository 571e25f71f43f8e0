import { PulltrainError } from '../errors.ts';

/** A query on a table file; what the engine says becomes the cause of `table-unreadable`. */
export async function askTable<Answer>(query: () => Promise<Answer>, file: string): Promise<Answer> {
  try {
    return await query();
  } catch (cause) {
    if (cause instanceof PulltrainError) throw cause;
    throw new PulltrainError('table-unreadable', { what: 'the table cannot be read', where: file, cause });
  }
}
