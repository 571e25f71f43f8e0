import { modelNameSchema } from '../contracts/common.ts';

export type Command =
  | { name: 'help' }
  | { name: 'retrain' | 'rotate-holdout'; model: string | null }
  /** `words` are those after the model: parameters and options. */
  | { name: 'sweep'; model: string | null; words: string[] }
  /** `trial` null means the best one. */
  | { name: 'sweep-apply'; trial: number | null }
  /** A known word that was used wrongly; `message` says how it is meant. */
  | { name: 'mistake'; message: string };

/** Characters of a first line that can be a command: a sweep names many values. */
const longestLine = 1000;

/**
 * A command is the whole first line of a comment and starts in its first column, so that nothing inside a quote, a list,
 * a code block or a sentence is one. Words of other bots are null, like any other text.
 */
export function parseCommand(body: string): Command | null {
  const line = firstLine(body);
  if (line === null) return null;
  const [word, ...args] = line.split(/[ \t]+/).filter((part) => part !== '');
  if (word === '/help') return { name: 'help' };
  if (word === '/sweep') return parseSweep(args);
  if (word !== '/retrain' && word !== '/rotate-holdout') return null;
  const [model = null, ...surplus] = args;
  if (surplus.length > 0) return { name: 'mistake', message: `\`${word}\` takes one argument at most: the model.` };
  if (model !== null && !modelNameSchema.safeParse(model).success) {
    return { name: 'mistake', message: `What follows \`${word}\` is not the name of a model.` };
  }
  return { name: word === '/retrain' ? 'retrain' : 'rotate-holdout', model };
}

function parseSweep(args: readonly string[]): Command {
  const [first = '', ...rest] = args;
  if (first === 'apply') {
    const [trial, ...surplus] = rest;
    if (surplus.length === 0 && (trial === undefined || /^[1-9]\d{0,3}$/.test(trial))) {
      return { name: 'sweep-apply', trial: trial === undefined ? null : Number(trial) };
    }
    return { name: 'mistake', message: '`/sweep apply` takes the number of one trial, or nothing for the best.' };
  }
  const isModel = first !== '' && !first.includes('=') && !first.startsWith('--');
  if (!isModel) return { name: 'sweep', model: null, words: [...args] };
  if (!modelNameSchema.safeParse(first).success) {
    return {
      name: 'mistake',
      message: 'What follows `/sweep` is neither a parameter with values nor the name of a model.',
    };
  }
  return { name: 'sweep', model: first, words: rest };
}

function firstLine(body: string): string | null {
  const end = body.slice(0, longestLine + 2).search(/\r?\n/);
  const line = end === -1 ? body : body.slice(0, end);
  return line.startsWith('/') && line.length <= longestLine ? line : null;
}
