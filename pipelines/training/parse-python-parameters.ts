import type { Parameter } from '../contracts/run-record.ts';

type Mapping = { [key: string]: Parameter };

/**
 * Parameters in a Python file, as DVC takes them: assignments of literals at the top (`LR = 0.1`), in classes
 * (`Train.LR`) and to `self` in `__init__`. Whatever is not a literal, such as a call, is left out. Nothing is run.
 */
export function parsePythonParameters(text: string): Mapping {
  return readBlock(text.split(/\r?\n/), { next: 0 }, 0, false);
}

type Cursor = { next: number };

/** Takes the lines of one block, indented by at least `indent`. */
function readBlock(lines: readonly string[], cursor: Cursor, indent: number, onlySelf: boolean): Mapping {
  const found: Mapping = {};
  while (cursor.next < lines.length) {
    const line = lines[cursor.next] ?? '';
    const code = line.trim();
    const depth = line.length - line.trimStart().length;
    if (code === '' || code.startsWith('#')) {
      cursor.next += 1;
      continue;
    }
    if (depth < indent) break;
    cursor.next += 1;
    const blockName = /^class\s+(\w+)/.exec(code)?.[1];
    if (depth > indent) continue;
    if (blockName !== undefined) found[blockName] = readBlock(lines, cursor, bodyIndent(lines, cursor, depth), false);
    else if (/^def\s+__init__\b/.test(code)) {
      Object.assign(found, readBlock(lines, cursor, bodyIndent(lines, cursor, depth), true));
    } else {
      const assigned = /^(self\.)?([A-Za-z_]\w*)\s*(?::[^=]+)?=(?!=)/.exec(code);
      const name = assigned?.[2];
      if (assigned === null || name === undefined || (assigned[1] !== undefined) !== onlySelf) continue;
      const value = readValue(code.slice(assigned[0].length), lines, cursor);
      if (value !== undefined) found[name] = value;
    }
  }
  return found;
}

/** Indent of the first line of code after a line that ends with a colon; one deeper than `outer` when there is none. */
function bodyIndent(lines: readonly string[], cursor: Cursor, outer: number): number {
  for (let index = cursor.next; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    return Math.max(outer + 1, line.length - line.trimStart().length);
  }
  return outer + 1;
}

/** A literal that may go on over several lines, or undefined for anything else. */
function readValue(first: string, lines: readonly string[], cursor: Cursor): Parameter | undefined {
  let text = first;
  for (;;) {
    const parsed = parseLiteral(text);
    if (parsed !== 'unfinished') return parsed?.value;
    const more = lines[cursor.next];
    if (more === undefined) return undefined;
    cursor.next += 1;
    text += `\n${more}`;
  }
}

type Parsed = { value: Parameter; rest: string };
const unfinished = Symbol('unfinished');

function parseLiteral(text: string): { value: Parameter } | null | 'unfinished' {
  try {
    const parsed = takeValue(text);
    return parsed === null || skip(parsed.rest) !== '' ? null : { value: parsed.value };
  } catch (thrown) {
    if (thrown === unfinished) return 'unfinished';
    throw thrown;
  }
}

function takeValue(text: string): Parsed | null {
  const rest = skip(text);
  if (rest === '') throw unfinished;
  const word = /^(True|False|None)\b/.exec(rest)?.[1];
  if (word !== undefined) return { value: word === 'None' ? null : word === 'True', rest: rest.slice(word.length) };
  const number =
    /^[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)(?![\w.])/.exec(
      rest,
    )?.[0];
  if (number !== undefined) return { value: toNumber(number), rest: rest.slice(number.length) };
  if (/^[rRuU]?("""|''')/.test(rest) && !/^[rRuU]?("""[\s\S]*?"""|'''[\s\S]*?''')/.test(rest)) throw unfinished;
  const string = /^(?:[rRuU]?)("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/.exec(rest);
  if (string?.[1] !== undefined) return { value: unquote(string[1]), rest: rest.slice(string[0].length) };
  if (rest.startsWith('[') || rest.startsWith('(')) return takeList(rest);
  return rest.startsWith('{') ? takeBraces(rest) : null;
}

function takeList(text: string): Parsed | null {
  const close = text.startsWith('[') ? ']' : ')';
  const items: Parameter[] = [];
  let rest = skip(text.slice(1));
  let comma = false;
  while (!rest.startsWith(close)) {
    const item = takeValue(rest);
    if (item === null) return null;
    items.push(item.value);
    rest = skip(item.rest);
    comma = rest.startsWith(',');
    if (comma) rest = skip(rest.slice(1));
    else if (rest === '') throw unfinished;
    else if (!rest.startsWith(close)) return null;
  }
  // A value in parentheses is that value.
  const [only] = items;
  const plain = close === ')' && items.length === 1 && !comma && only !== undefined;
  return { value: plain ? only : items, rest: rest.slice(1) };
}

/** A dictionary, or a set, which becomes a list. */
function takeBraces(text: string): Parsed | null {
  const entries: Mapping = {};
  const items: Parameter[] = [];
  let rest = skip(text.slice(1));
  while (!rest.startsWith('}')) {
    const key = takeValue(rest);
    if (key === null) return null;
    rest = skip(key.rest);
    if (rest.startsWith(':')) {
      const value = takeValue(rest.slice(1));
      if (value === null) return null;
      entries[String(key.value)] = value.value;
      rest = skip(value.rest);
    } else items.push(key.value);
    if (rest.startsWith(',')) rest = skip(rest.slice(1));
    else if (rest === '') throw unfinished;
    else if (!rest.startsWith('}')) return null;
  }
  return { value: items.length > 0 ? items : entries, rest: rest.slice(1) };
}

/** Past spaces, line breaks and comments. */
function skip(text: string): string {
  return text.replace(/^(?:\s|#[^\n]*)+/, '');
}

function toNumber(text: string): number {
  const plain = text.replaceAll('_', '');
  return plain.startsWith('-') ? -Number(plain.slice(1)) : Number(plain.replace(/^\+/, ''));
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

function unquote(literal: string): string {
  const width = /^("""|''')/.test(literal) ? 3 : 1;
  return literal
    .slice(width, -width)
    .replace(/\\(\n|.)/g, (_, char: string) => (char === '\n' ? '' : (escapes[char] ?? char)));
}
