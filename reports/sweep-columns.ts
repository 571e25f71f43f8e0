import type { Parameter } from '../pipelines/contracts/run-record.ts';
import type { Trial } from '../pipelines/contracts/sweep.ts';

/** Parameters that any of the trials varies, in the order in which they were named. */
export function parameterNames(trials: readonly Pick<Trial, 'parameters'>[]): string[] {
  return [...new Set(trials.flatMap(({ parameters }) => Object.keys(parameters)))];
}

/** A value as it is written on a command line. */
export function printParameter(value: Parameter | undefined): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Why a trial has no rank, in one line: what happened, and the first line of what the program said. */
export function briefNote(note: string): string {
  return note.split('\n', 2).join(' ').trim();
}
