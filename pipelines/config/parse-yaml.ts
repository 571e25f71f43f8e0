import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type ConfigFault, ConfigInvalid } from './config-invalid.ts';
import { deepFreeze } from './deep-freeze.ts';
import { type DescribedIssue, describeIssue } from './describe-issue.ts';
import { knownNames } from './known-names.ts';
import { locateNode } from './locate-node.ts';
import { longestConfig } from './longest-config.ts';
import { valueAt } from './value-at.ts';

/** A fault that needs more than one key to be seen; `path` leads to the key. */
export type YamlFault = { path: readonly PropertyKey[]; message: string };

/**
 * Reads a YAML text that a person writes: YAML, then the shape of `schema`, then `rules`, which see the raw value and
 * must bear anything. Returns a value frozen all the way down. Throws `ConfigInvalid` (code `config-invalid`) with every
 * fault and its line and column; `file` is what the sentence calls the text.
 */
export function parseYaml<Value>(
  text: string,
  file: string,
  schema: z.ZodType<Value>,
  rules: (value: unknown) => readonly YamlFault[] = () => [],
): Value {
  if (text.length > longestConfig) {
    throw new ConfigInvalid(file, [fault([], `is longer than ${longestConfig} characters`, { line: 1, column: 1 })]);
  }
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ message, pos }) => {
      const { line, col } = counter.linePos(pos[0]);
      return fault([], message, { line, column: col });
    });
    throw new ConfigInvalid(file, sorted(faults));
  }

  const value = toValue(document, file);
  const shape = schema.safeParse(value);
  const faults = [
    ...describeShape(shape.error?.issues ?? [], value, schema).map(({ path, message, key }) =>
      fault(path, message, locateNode(document, counter, path, { key })),
    ),
    ...rules(value).map(({ path, message }) => fault(path, message, locateNode(document, counter, path))),
  ];
  if (faults.length > 0 || !shape.success) throw new ConfigInvalid(file, sorted(faults));
  return deepFreeze(shape.data);
}

/** A required key that was mistyped is one fault: the unknown key, which says what was meant. */
function describeShape(issues: readonly z.core.$ZodIssue[], value: unknown, schema: z.ZodType): DescribedIssue[] {
  const names = knownNames(schema);
  const described = issues.flatMap((issue) => describeIssue(issue, (path) => valueAt(value, path), names));
  const meant = new Set(
    described.flatMap(({ path, meant }) => (meant === undefined ? [] : [[...path.slice(0, -1), meant].join('\n')])),
  );
  return described.filter(({ path, missing }) => missing !== true || !meant.has(path.join('\n')));
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigInvalid(file, [fault([], message, { line: 1, column: 1 })]);
  }
}

function fault(path: readonly PropertyKey[], message: string, place: { line: number; column: number }): ConfigFault {
  return { ...place, path: path.map(String).join('.'), message };
}

function sorted(faults: readonly ConfigFault[]): ConfigFault[] {
  return faults.toSorted((left, right) => left.line - right.line || left.column - right.column);
}
