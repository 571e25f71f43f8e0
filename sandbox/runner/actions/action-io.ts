import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { describeError } from '../../../pipelines/describe-error.ts';
import { PulltrainError } from '../../../pipelines/errors.ts';

/** An input as text; a required one that is empty is an error. */
export function readInput(name: string, options: { required?: boolean } = {}): string {
  const value = (process.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim();
  if (value === '' && options.required === true)
    throw new PulltrainError('input-missing', { what: `Input required and not supplied: ${name}` });
  return value;
}

/** An input that is `true` or `false`, as YAML spells them. */
export function readFlag(name: string): boolean {
  const value = readInput(name);
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (value === '' || /^(false|False|FALSE)$/.test(value)) return false;
  throw new PulltrainError('input-invalid', {
    what: 'the input is not a boolean',
    where: name,
    seen: value,
    allowed: 'true, false',
  });
}

/** A whole number of at least `least`; empty means `otherwise`. */
export function readNumber(name: string, otherwise: number, least = 0): number {
  const value = readInput(name);
  if (value === '') return otherwise;
  const number = Number(value);
  if (Number.isInteger(number) && number >= least) return number;
  throw new PulltrainError('input-invalid', {
    what: 'the input is not a whole number',
    where: name,
    seen: value,
    allowed: `${least} or more`,
  });
}

export function writeOutput(name: string, value: string): void {
  writeCommandFile('GITHUB_OUTPUT', name, value);
}

/** Kept for the action's `post` program. */
export function writeState(name: string, value: string): void {
  writeCommandFile('GITHUB_STATE', name, value);
}

export function announce(level: 'error' | 'warning' | 'notice', message: string): void {
  process.stdout.write(
    `::${level}::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`,
  );
}

/** A variable the runner always sets. */
export function readVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new PulltrainError('variable-missing', { what: 'the runner did not set a variable', where: name });
  return value;
}

/** The outermost wrapper of a carried action. */
export async function runCarriedAction(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (thrown) {
    announce('error', describeError(thrown));
    process.exitCode = 1;
  }
}

function writeCommandFile(variable: string, name: string, value: string): void {
  const delimiter = `end_${randomUUID()}`;
  appendFileSync(readVariable(variable), `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
}
