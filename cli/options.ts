import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util';
import { nearestName } from '../pipelines/config/nearest-name.ts';
import { PulltrainError } from '../pipelines/errors.ts';

/** An option of a verb, as `node:util` knows it, with what `--help` says of it. */
export type Option = ParseArgsOptionDescriptor & { about: string; placeholder?: string };

/** Not a fault: `parseOptions` met `--help`, and these are the options that it would take. */
export class HelpRequested extends Error {
  readonly options: Record<string, Option>;
  constructor(options: Record<string, Option>) {
    super('help was asked for');
    this.name = 'HelpRequested';
    this.options = options;
  }
}

/**
 * Options and positional arguments of a verb, typed after its table. Throws `usage` for an unknown option (with the one
 * that was probably meant), a missing value, or a count of positional arguments outside `positionals`;
 * throws `HelpRequested` for `--help`.
 */
export function parseOptions<const Table extends Record<string, Option>>(
  args: readonly string[],
  options: Table,
  positionals: { min?: number; max?: number } = {},
) {
  refuseUnknown(args, options);
  const parsed = parseStrictly(args, options);
  const { min = 0, max = 0 } = positionals;
  const count = parsed.positionals.length;
  if (count < min || count > max) {
    throw new PulltrainError('usage', {
      what: count < min ? 'an argument is missing' : `unexpected argument "${parsed.positionals[max]}"`,
      allowed: min === max ? `${min} arguments` : `${min} to ${max} arguments`,
    });
  }
  return parsed;
}

function parseStrictly<const Table extends Record<string, Option>>(args: readonly string[], options: Table) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new PulltrainError('usage', { what: cause instanceof Error ? cause.message : String(cause) });
  }
}

function refuseUnknown(args: readonly string[], options: Record<string, Option>): void {
  const names = Object.keys(options);
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || names.includes(token.name)) continue;
    if (token.name === 'help') throw new HelpRequested(options);
    const meant = nearestName(token.name, names);
    throw new PulltrainError('usage', {
      what: `unknown option ${token.rawName}`,
      allowed: [...names, 'json', 'help'].map((name) => `--${name}`).join(', '),
      ...(meant === undefined ? {} : { cure: `Did you mean --${meant}?` }),
    });
  }
}

/** The value of an option that must be given; throws `usage` otherwise. */
export function requireOption(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  throw new PulltrainError('usage', { what: `--${name} is missing` });
}

/** The same for an action of a verb, whose options only its own code knows: it is asked, and stops at reading them. */
export async function helpOfAction(
  parts: { usage: string; about: string },
  action: (args: readonly string[]) => Promise<unknown>,
): Promise<string> {
  try {
    await action(['--help']);
  } catch (thrown) {
    if (thrown instanceof HelpRequested) return formatHelp({ ...parts, options: thrown.options });
    throw thrown;
  }
  return formatHelp(parts);
}

/** The text behind `--help`: how to call it, what it does, each option in one line. */
export function formatHelp(parts: { usage: string; about: string; options?: Record<string, Option> }): string {
  const rows = Object.entries(parts.options ?? {}).map(([name, option]) => {
    const value = option.type === 'string' ? ` ${option.placeholder ?? 'TEXT'}` : '';
    // What is left out and does nothing needs no mention.
    const preset = option.default ? ` [${String(option.default)}]` : '';
    return [`--${name}${value}`, `${option.about}${preset}`] as const;
  });
  const table = [...rows, ['--json', 'answer as one JSON document'] as const, ['--help', 'this text'] as const];
  const width = Math.max(...table.map(([left]) => left.length));
  return [
    `Usage: pulltrain ${parts.usage}`,
    '',
    parts.about,
    '',
    'Options:',
    ...table.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join('\n');
}
