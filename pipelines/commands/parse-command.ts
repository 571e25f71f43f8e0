import { modelNameSchema } from '../contracts/common.ts';

export type Command =
  | { name: 'help' }
  | { name: 'retrain'; model: string | null }
  /** A known word that was used wrongly; `message` says how it is meant. */
  | { name: 'mistake'; message: string };

/** Characters of a first line that can be a command. */
const longestLine = 200;

/**
 * A command is the whole first line of a comment and starts in its first column, so that nothing inside a quote, a list,
 * a code block or a sentence is one. Words of other bots are null, like any other text.
 */
export function parseCommand(body: string): Command | null {
  const line = firstLine(body);
  if (line === null) return null;
  const [word, ...args] = line.split(/[ \t]+/).filter((part) => part !== '');
  if (word === '/help') return { name: 'help' };
  if (word !== '/retrain') return null;
  const [model = null, ...surplus] = args;
  if (surplus.length > 0) return { name: 'mistake', message: '`/retrain` takes one argument at most: the model.' };
  if (model !== null && !modelNameSchema.safeParse(model).success) {
    return { name: 'mistake', message: 'What follows `/retrain` is not the name of a model.' };
  }
  return { name: 'retrain', model };
}

function firstLine(body: string): string | null {
  const end = body.slice(0, longestLine + 2).search(/\r?\n/);
  const line = end === -1 ? body : body.slice(0, end);
  return line.startsWith('/') && line.length <= longestLine ? line : null;
}
