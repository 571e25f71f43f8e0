import { PulltrainError } from '../errors.ts';

/** A query on a table file; what the engine says becomes the cause of `table-unreadable`. */
export async function askTable<Answer>(query: () => Promise<Answer>, file: string): Promise<Answer> {
  try {
    return await query();
  } catch (cause) {
    if (cause instanceof PulltrainError) throw cause;
    throw new PulltrainError('table-unreadable', {
      what: 'the table cannot be read',
      where: file,
      cause: new Error(shortened(cause instanceof Error ? cause.message : String(cause))),
    });
  }
}

/** What the engine says, without the statement and without advice on parameters that only we can set. */
function shortened(message: string): string {
  return (message.split(/\n(?:Possible fixes|Possible Solution|\s*LINE \d+:)/)[0] ?? message).trim().slice(0, 1500);
}
