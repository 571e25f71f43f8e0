import type { Parameter } from '../contracts/run-record.ts';
import { PulltrainError } from '../errors.ts';

export type Context = { [key: string]: Parameter };

const expression = /(\\)?\$\{([^}]*)\}/g;
/** Characters of one text after everything in it has been resolved. */
const longestText = 65_536;
const wholeExpression = /^\$\{([^}]*)\}$/;

/**
 * Resolves `${name.of.value}` in every text and key of a YAML value, as DVC does: a text that is one expression takes the
 * value with its type, `\${` stays as it is. Throws `template-invalid` for a name that is not there or has no text form.
 */
export function interpolate(value: unknown, context: Context): unknown {
  if (typeof value === 'string') {
    const whole = wholeExpression.exec(value)?.[1];
    return whole === undefined ? interpolateText(value, context, false) : lookUp(whole, context);
  }
  if (Array.isArray(value)) return value.map((entry) => interpolate(entry, context));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [interpolateText(key, context, false), interpolate(entry, context)]),
    );
  }
  return value;
}

/** The same for a command, where a mapping becomes options: `{ lr: 0.1, deep: { n: 2 } }` gives `--lr 0.1 --deep.n 2`. */
export function interpolateCommand(command: string, context: Context): string {
  return interpolateText(command, context, true);
}

function interpolateText(text: string, context: Context, asOptions: boolean): string {
  const resolved = text.replace(expression, (match, escaped: string | undefined, name: string) => {
    if (escaped !== undefined) return match.slice(1);
    const value = lookUp(name, context);
    if (typeof value !== 'object' || value === null) return textOf(value);
    if (asOptions && !Array.isArray(value)) return options(value, '').join(' ');
    throw new PulltrainError('template-invalid', {
      what: `\${${name}} is ${Array.isArray(value) ? 'a list' : 'a mapping'} and cannot stand inside a text`,
    });
  });
  if (resolved.length <= longestText) return resolved;
  throw new PulltrainError('template-invalid', { what: `a text grows past ${longestText} characters` });
}

function options(mapping: Context, prefix: string): string[] {
  return Object.entries(mapping).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    if (value === true) return [`--${name}`];
    if (value === false) return [];
    if (Array.isArray(value))
      return value.length === 0 ? [] : [`--${name}`, ...value.map((entry) => itemOf(name, entry))];
    if (typeof value === 'object' && value !== null) return options(value, `${name}.`);
    return [`--${name}`, typeof value === 'string' ? quote(value) : textOf(value)];
  });
}

function itemOf(name: string, entry: Parameter): string {
  if (typeof entry === 'object' && entry !== null) {
    throw new PulltrainError('template-invalid', { what: `a list within the list ${name} cannot become options` });
  }
  if (typeof entry === 'boolean') return entry ? 'True' : 'False';
  return typeof entry === 'string' ? quote(entry) : textOf(entry);
}

/** As DVC, a Python program, writes it: `null` is `None`, 0.00001 is `1e-05`. */
export function textOf(value: string | number | boolean | null): string {
  if (value === null) return 'None';
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  const text = size < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Bare when the shell would read it as one plain word, else single-quoted. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

function lookUp(expressionText: string, context: Context): Parameter {
  const name = expressionText.trim();
  const steps = name
    .split(/[.[\]]+/)
    .map((step) => step.trim())
    .filter((step) => step !== '');
  let value: Parameter | undefined = steps.length === 0 ? undefined : context;
  for (const step of steps) value = memberOf(value, step);
  if (value === undefined) {
    throw new PulltrainError('template-invalid', {
      what: `\${${name}} is not known`,
      allowed: Object.keys(context).join(', '),
    });
  }
  return value;
}

/** The named member of a mapping or the numbered one of a list. */
export function memberOf(value: Parameter | undefined, step: string): Parameter | undefined {
  if (Array.isArray(value)) return /^-?\d+$/.test(step) ? value.at(Number(step)) : undefined;
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, step)) return value[step];
  return undefined;
}
