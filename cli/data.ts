import { nearestName } from '../pipelines/config/nearest-name.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { dataActions } from './data/actions.ts';
import { formatHelp, helpOfAction } from './options.ts';
import type { Verb } from './verb.ts';

const width = Math.max(...dataActions.map(({ name }) => name.length));

/** `pulltrain data <action>`: bytes in a store, pointers in git. */
export const dataVerb: Verb = {
  name: 'data',
  summary: 'version, move, check and describe data',
  help: formatHelp({
    usage: 'data <action> [options]',
    about: [
      'Bytes lie in a store, small pointer files (PATH.pointer.yml) in git. Every action takes --help.',
      '',
      ...dataActions.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    ].join('\n'),
  }),
  actions: dataActions.map(({ name }) => name),
  async helpOf([name], terminal) {
    const action = dataActions.find((one) => one.name === name);
    if (action === undefined) return null;
    const usage = ['data', action.name, action.takes, '[options]'].filter((word) => word !== undefined).join(' ');
    const run = await action.load();
    return helpOfAction({ usage, about: `${capitalise(action.summary)}.` }, (args) => run(args, terminal));
  },
  async run(args, terminal) {
    const [name, ...rest] = args;
    const action = dataActions.find((one) => one.name === name);
    if (action !== undefined) return (await action.load())(rest, terminal);
    const names = dataActions.map((one) => one.name);
    const meant = name === undefined ? undefined : nearestName(name, names);
    throw new PulltrainError('usage', {
      what: `data ${name ?? ''}: what to do?`,
      allowed: names.map((one) => `data ${one}`).join(', '),
      ...(meant === undefined ? {} : { cure: `Did you mean data ${meant}?` }),
    });
  },
};

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
