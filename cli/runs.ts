import { nearestName } from '../pipelines/config/nearest-name.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { formatHelp, helpOfAction } from './options.ts';
import { runsActions } from './runs/actions.ts';
import type { Verb } from './verb.ts';

const width = Math.max(...runsActions.map(({ name }) => name.length));

/** `pulltrain runs <action>`: what was run, here and in pull requests. */
export const runsVerb: Verb = {
  name: 'runs',
  summary: 'list, show, compare and query what was run',
  help: formatHelp({
    usage: 'runs <action> [options]',
    about: [
      'Runs of this machine lie in .pulltrain/runs, those of pull requests in the ledger branch (git fetch origin ledger).',
      'A RUN is an id, the beginning of one, of a key or of a commit, or "latest". Every action takes --help.',
      '',
      ...runsActions.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    ].join('\n'),
  }),
  actions: runsActions.map(({ name }) => name),
  async helpOf([name], terminal) {
    const action = runsActions.find((one) => one.name === name);
    if (action === undefined) return null;
    const usage = ['runs', action.name, action.takes, '[options]'].filter((word) => word !== undefined).join(' ');
    const run = await action.load();
    return helpOfAction({ usage, about: `${action.summary}.` }, (args) => run(args, terminal));
  },
  async run(args, terminal) {
    const [name = 'list', ...rest] = args;
    const action = runsActions.find((one) => one.name === name);
    if (action !== undefined) return (await action.load())(rest, terminal);
    const names = runsActions.map((one) => one.name);
    const meant = nearestName(name, names);
    throw new PulltrainError('usage', {
      what: `runs ${name}: what to do?`,
      allowed: names.map((one) => `runs ${one}`).join(', '),
      ...(meant === undefined ? {} : { cure: `Did you mean runs ${meant}?` }),
    });
  },
};
