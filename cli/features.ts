import { nearestName } from '../pipelines/config/nearest-name.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { featureActions } from './features/actions.ts';
import { formatHelp } from './options.ts';
import type { Verb } from './verb.ts';

const width = Math.max(...featureActions.map(({ name }) => name.length));

/** `pulltrain features <action>`: features defined once, joined to the past and served in the present. */
export const featuresVerb: Verb = {
  name: 'features',
  summary: 'define features once, join them to the past, serve them now',
  help: formatHelp({
    usage: 'features <action> [options]',
    about: [
      'Features are defined in features/*.yml and SQL. Every action takes --help.',
      '',
      ...featureActions.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    ].join('\n'),
  }),
  actions: featureActions.map(({ name }) => name),
  async helpOf([name]) {
    const action = featureActions.find((one) => one.name === name);
    return action === undefined ? null : (await action.load()).help;
  },
  async run(args, terminal) {
    const [name, ...rest] = args;
    const action = featureActions.find((one) => one.name === name);
    if (action !== undefined) {
      const { run } = await action.load();
      return run(rest, terminal);
    }
    const names = featureActions.map((one) => one.name);
    const meant = name === undefined ? undefined : nearestName(name, names);
    throw new PulltrainError('usage', {
      what: `features ${name ?? ''}: what to do?`,
      allowed: names.map((one) => `features ${one}`).join(', '),
      ...(meant === undefined ? {} : { cure: `Did you mean features ${meant}?` }),
    });
  },
};
