import { parseArgs } from 'node:util';
import { PulltrainError } from '../../pipelines/errors.ts';

export type StoryOptions = {
  /** Play the story and exit instead of serving on. */
  once: boolean;
  /** File for the timeline and the facts, or null. */
  report: string | null;
  /** Last chapter to play, 1..5. */
  chapter: number;
  /** Port of the local GitHub; 0 takes a free one. */
  port: number;
  /** Name of the folder below `.pulltrain`: two stories at a time need two. */
  name: string;
  help: boolean;
};

export const storyHelp = `Usage: npm start -- [options]

Plays the whole loop on this machine: a local GitHub, real workflows, real training on three million flights.

  --once          play the story and exit: 0 only if every chapter's facts hold
  --chapter N     stop after chapter N (1 to 5)
  --report FILE   write the timeline and the facts as JSON
  --port N        port of the local GitHub (default 4280; 0 takes a free one)
  --name NAME     folder below .pulltrain to work in (default story); a second story at a time needs its own
  --help          show this
`;

/** Reads the command line; throws `usage` for anything it does not know. */
export function parseOptions(args: readonly string[]): StoryOptions {
  const { values } = readArguments(args);
  return {
    once: values.once ?? false,
    help: values.help ?? false,
    report: values.report ?? null,
    chapter: readInteger('--chapter', values.chapter ?? '5', 1, 5),
    name: readName(values.name ?? 'story'),
    port: readInteger('--port', values.port ?? '4280', 0, 65_535),
  };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        report: { type: 'string' },
        chapter: { type: 'string' },
        port: { type: 'string' },
        name: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new PulltrainError('usage', {
      what: 'the command line is not understood',
      seen: args.join(' '),
      allowed: '--once, --chapter N, --report FILE, --port N, --name NAME, --help',
      cause,
    });
  }
}

function readInteger(where: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= low && value <= high) return value;
  throw new PulltrainError('usage', {
    where,
    what: 'expected a whole number',
    seen: JSON.stringify(text),
    allowed: `${low} to ${high}`,
  });
}

function readName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,30}$/.test(text)) return text;
  throw new PulltrainError('usage', {
    where: '--name',
    what: 'not a folder name',
    seen: JSON.stringify(text),
    allowed: 'lower-case letters, digits and -',
  });
}
