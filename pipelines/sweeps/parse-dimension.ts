import type { Parameter } from '../contracts/run-record.ts';
import { type Dimension, dimensionSchema, mostTrials } from '../contracts/sweep.ts';
import { PulltrainError } from '../errors.ts';
import { parameterValue } from '../training/parameter-value.ts';

const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const range = new RegExp(`^(log:)?(${number})\\.\\.(${number})(?:\\.\\.(${number}))?$`);
const allowed =
  'name=0.01,0.1 for values, name=4..8 for a range, name=4..16..4 with a step, name=log:0.001..0.1 on a log scale';

/** `lr=0.01,0.1` or `depth=4..8` as people write it on a command line. Throws `sweep-invalid`. */
export function parseDimension(text: string): Dimension {
  const at = text.indexOf('=');
  if (at <= 0) throw invalid('not a parameter and its values', text);
  return readDimension(text.slice(0, at), text.slice(at + 1));
}

/** The values of a parameter: a list, or a text that is a range or a list with commas. Throws `sweep-invalid`. */
export function readDimension(name: string, values: string | readonly Parameter[]): Dimension {
  if (typeof values !== 'string') return checked({ name, values: [...values] }, name);
  const found = range.exec(values);
  if (found !== null) return checked(readRange(name, found, values), `${name}=${values}`);
  if (/^(log:)?[^'"]*\.\./.test(values)) throw invalid('not a range of numbers', `${name}=${values}`);
  const parts = splitList(values);
  if (parts.some((part) => part === '')) throw invalid('a value is missing', `${name}=${values}`);
  return checked({ name, values: parts.map(parameterValue) }, `${name}=${values}`);
}

function readRange(name: string, [, log, first = '', last = '', by]: RegExpExecArray, seen: string): Dimension {
  const [low, high, step] = [Number(first), Number(last), by === undefined ? null : Number(by)];
  if (!(low < high)) throw invalid('a range goes from a smaller number to a greater one', `${name}=${seen}`);
  if (step !== null && !(step > 0)) throw invalid('a step is a number above 0', `${name}=${seen}`);
  if (log !== undefined && (low <= 0 || step !== null)) {
    throw invalid('a log scale needs a range above 0 and no step', `${name}=${seen}`);
  }
  // 0.0..1.0 means numbers, 0..1 whole numbers.
  const whole = [first, last, by ?? '1'].every((part) => /^[-+]?\d+$/.test(part));
  return { name, low, high, step, scale: log === undefined ? 'linear' : 'log', whole };
}

/** At commas that are in no bracket and no quotes: `[64,32],[128]` are two lists. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let [depth, quote, start] = [0, '', 0];
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ('[{'.includes(character)) depth += 1;
    else if (']}'.includes(character)) depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)].map((part) => part.trim());
}

function checked(dimension: Dimension, seen: string): Dimension {
  const parsed = dimensionSchema.safeParse(dimension);
  if (parsed.success) return parsed.data;
  if ('values' in dimension && dimension.values.length > mostTrials)
    throw invalid(`more than ${mostTrials} values`, seen);
  throw invalid(dimension.name.length > 0 ? 'not a parameter and its values' : 'the name is missing', seen);
}

function invalid(what: string, seen: string): PulltrainError {
  return new PulltrainError('sweep-invalid', { what, where: 'sweep', seen: seen.slice(0, 200), allowed });
}
