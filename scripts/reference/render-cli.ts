import type { Terminal, Verb } from '../../cli/verb.ts';
import { verbs } from '../../cli/verbs.ts';
import { pageHead } from './table.ts';

/** Every verb of the command and every action of theirs, as `--help` tells them. */
export async function renderCli(): Promise<string> {
  const loaded = await Promise.all(verbs.map((verb) => ('load' in verb ? verb.load() : verb)));
  const parts = await Promise.all(loaded.map(renderVerb));
  return [
    pageHead('Command line', '`cli/`'),
    'Inside a checkout: `npx pulltrain <verb>`. From another folder: `npx --prefix <checkout> pulltrain <verb>`. Answers go to',
    'standard output, progress to standard error. Exit: 0 done or pass, 1 a fault or a verdict that is not pass, 2 a wrong',
    'command line.\n',
    ...parts,
  ].join('\n');
}

async function renderVerb(verb: Verb): Promise<string> {
  const actions = await Promise.all(
    (verb.actions ?? []).map(async (name) => `### ${verb.name} ${name}\n\n${block(await helpOf(verb, name))}`),
  );
  return [`## ${verb.name}\n\n${block(verb.help)}`, ...actions].join('\n');
}

async function helpOf(verb: Verb, action: string): Promise<string> {
  return (await verb.helpOf?.([action], silent)) ?? verb.help;
}

function block(help: string): string {
  return `\`\`\`text\n${help}\n\`\`\`\n`;
}

/** Help is asked for, and nothing is answered or done. */
const silent: Terminal = {
  directory: '.',
  environment: {},
  json: false,
  answer() {},
  progress() {},
  paint: (_, text) => text,
};
