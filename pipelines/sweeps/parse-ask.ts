import type { Dimension, Halving } from '../contracts/sweep.ts';
import { PulltrainError } from '../errors.ts';
import { parseDimension, readDimension } from './parse-dimension.ts';

/** What a person asks for, over what the configuration says; undefined is not said. */
export type SweepAsk = {
  space: Dimension[];
  trials?: number;
  seed?: number;
  halving?: Halving;
  reported?: string;
};

/** Options as people write them, in a comment and on the command line alike. */
export type AskOptions = {
  random?: string | undefined;
  seed?: string | undefined;
  halving?: string | undefined;
  keep?: string | undefined;
  metric?: string | undefined;
};

const names = ['random', 'seed', 'halving', 'keep', 'metric'] as const;

/** The words after `/sweep`: `lr=0.01,0.1 depth=4..8 --random 20 --seed 7`. Throws `sweep-invalid`. */
export function parseAsk(words: readonly string[]): SweepAsk {
  const dimensions: string[] = [];
  const options: AskOptions = {};
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('--')) {
      dimensions.push(word);
      continue;
    }
    const [written = '', inline] = word.slice(2).split(/=(.*)/s);
    const name = names.find((one) => one === written);
    const value = inline ?? words[index + 1];
    if (name === undefined || value === undefined) {
      throw invalid(
        name === undefined ? 'unknown option' : 'a value is missing',
        word,
        names.map((one) => `--${one}`).join(', '),
      );
    }
    if (inline === undefined) index += 1;
    options[name] = value;
  }
  return readAsk(dimensions, options);
}

/** Dimensions and options that are told apart already. Throws `sweep-invalid`. */
export function readAsk(dimensions: readonly string[], options: AskOptions): SweepAsk {
  const { random, seed, halving, keep, metric } = options;
  if (keep !== undefined && halving === undefined) throw invalid('--keep goes with --halving', keep);
  return {
    space: dimensions.map(parseDimension),
    ...(random === undefined ? {} : { trials: wholeNumber(random, '--random', 1) }),
    ...(seed === undefined ? {} : { seed: wholeNumber(seed, '--seed', 0) }),
    ...(halving === undefined ? {} : { halving: readHalving(halving, keep) }),
    ...(metric === undefined ? {} : { reported: metric }),
  };
}

function readHalving(text: string, keep = '3'): Halving {
  const at = text.indexOf('=');
  const dimension = at <= 0 ? null : readDimension(text.slice(0, at), text.slice(at + 1));
  if (dimension === null || 'values' in dimension || dimension.step !== null || dimension.low <= 0) {
    throw invalid('--halving needs a parameter and what it grows from and to', text, '--halving train.trees=10..90');
  }
  return {
    parameter: dimension.name,
    from: dimension.low,
    to: dimension.high,
    keep: wholeNumber(keep, '--keep', 2, 10),
  };
}

function wholeNumber(
  text: string,
  option: string,
  least: number,
  most = option === '--seed' ? 2 ** 32 - 1 : 256,
): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw invalid(`${option} needs a whole number`, text, `${least} to ${most}`);
}

function invalid(what: string, seen: string, allowed?: string): PulltrainError {
  return new PulltrainError('sweep-invalid', {
    what,
    where: 'sweep',
    seen: seen.slice(0, 200),
    ...(allowed === undefined ? {} : { allowed }),
  });
}
