import { styleText } from 'node:util';
import { nearestName } from '../pipelines/config/nearest-name.ts';
import { describeError } from '../pipelines/describe-error.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import type { ExitCode, LazyVerb, Terminal, Verb } from './verb.ts';

/** What the process gives to the command: everything it may touch outside. */
export type Surroundings = {
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Standard output is a terminal. */
  interactive: boolean;
  writeOut(text: string): void;
  writeErr(text: string): void;
};

/** Finds the verb, runs it, and turns every fault into one sentence and an exit code. */
export async function runCommand(
  args: readonly string[],
  verbs: readonly (Verb | LazyVerb)[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    surroundings.writeOut(`${listVerbs(await Promise.all(verbs.map(loadVerb)))}\n`);
    return name === undefined ? 2 : 0;
  }
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  const terminal = openTerminal(own.includes('--json'), surroundings);
  try {
    const verb = await loadVerb(findVerb(name, verbs));
    if (own.includes('--help') || own.includes('-h')) {
      surroundings.writeOut(`${(await verb.helpOf?.(own, terminal)) ?? verb.help}\n`);
      return 0;
    }
    const passed = rest.filter((argument, index) => argument !== '--json' || index >= own.length);
    return await verb.run(passed, terminal);
  } catch (thrown) {
    return answerFault(thrown, name, terminal, surroundings);
  }
}

async function loadVerb(verb: Verb | LazyVerb): Promise<Verb> {
  return 'load' in verb ? verb.load() : verb;
}

function findVerb(name: string, verbs: readonly (Verb | LazyVerb)[]): Verb | LazyVerb {
  const verb = verbs.find((one) => one.name === name);
  if (verb !== undefined) return verb;
  const names = verbs.map((one) => one.name);
  const meant = nearestName(name, names);
  throw new PulltrainError('usage', {
    what: `there is no verb "${name}"`,
    allowed: names.join(', '),
    ...(meant === undefined ? {} : { cure: `Did you mean ${meant}?` }),
  });
}

function answerFault(thrown: unknown, name: string, terminal: Terminal, surroundings: Surroundings): ExitCode {
  const code = thrown instanceof PulltrainError ? thrown.code : 'internal';
  if (terminal.json) terminal.answer({ error: { code, message: describeError(thrown) } }, '');
  surroundings.writeErr(`pulltrain ${name}: ${describeError(thrown)}\n`);
  if (code === 'internal' && thrown instanceof Error) surroundings.writeErr(`${thrown.stack ?? ''}\n`);
  if (code !== 'usage') return 1;
  surroundings.writeErr('See pulltrain --help, or pulltrain <verb> --help.\n');
  return 2;
}

function openTerminal(json: boolean, surroundings: Surroundings): Terminal {
  const { NO_COLOR: noColour } = surroundings.environment;
  const colour = surroundings.interactive && !json && (noColour === undefined || noColour === '');
  return {
    directory: surroundings.directory,
    environment: surroundings.environment,
    json,
    answer(document, text) {
      surroundings.writeOut(json ? `${JSON.stringify(document, null, 2)}\n` : `${text}\n`);
    },
    progress(line) {
      surroundings.writeErr(`${line}\n`);
    },
    paint(style, text) {
      return colour ? styleText(style, text, { validateStream: false }) : text;
    },
  };
}

function listVerbs(verbs: readonly Verb[]): string {
  const width = Math.max(0, ...verbs.map((verb) => verb.name.length));
  return [
    'Usage: pulltrain <verb> [options]',
    '',
    'Pull request in, model out: the journeys of the actions, on this machine.',
    '',
    ...verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`),
    '',
    'Every verb takes --help and --json. Answers go to standard output, progress to standard error.',
    'Exit: 0 done or pass, 1 a fault or a verdict that is not pass, 2 a wrong command line.',
  ].join('\n');
}
