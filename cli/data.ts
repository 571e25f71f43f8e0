import { PulltrainError } from '../pipelines/errors.ts';
import { addData } from './data-add.ts';
import { pullData } from './data-pull.ts';
import { formatHelp, type Option } from './options.ts';
import type { Verb } from './verb.ts';

const options: Record<string, Option> = {
  remote: { type: 'string', placeholder: 'URL', about: 'data store; data.remote of pulltrain.yml when left out' },
  time: { type: 'string', placeholder: 'COLUMN', about: 'add: time column, whose first and last day are noted' },
  source: { type: 'string', about: 'add: where the data comes from' },
  licence: { type: 'string', about: 'add: under which licence' },
};

/** `pulltrain data add` and `pulltrain data pull`: bytes in a store, pointers in git. */
export const dataVerb: Verb = {
  name: 'data',
  summary: 'put data into a store and its pointer into git, or bring it back',
  help: formatHelp({
    usage: 'data add PATH [options]\n       pulltrain data pull [PATH...] [--remote URL]',
    about:
      'add puts a file into the store, writes PATH.pointer.yml beside it and keeps the file itself out of git.\npull brings the data of these pointers, or of all, and verifies it.',
    options,
  }),
  async run(args, terminal) {
    const [action, ...rest] = args;
    if (action === 'add') return addData(rest, terminal);
    if (action === 'pull') return pullData(rest, terminal);
    throw new PulltrainError('usage', { what: `data ${action ?? ''}: what to do?`, allowed: 'data add, data pull' });
  },
};
