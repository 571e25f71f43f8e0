import { type Document, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type ConfigFault, ConfigInvalid } from './config-invalid.ts';
import { deepFreeze } from './deep-freeze.ts';
import { type DescribedIssue, describeIssue } from './describe-issue.ts';
import { locateNode } from './locate-node.ts';
import { longestConfig } from './longest-config.ts';
import { namesAt } from './names-at.ts';
import { looseModelSchema, modelRules } from './rules.ts';
import { type Config, configSchema } from './schema.ts';
import { valueAt } from './value-at.ts';

/**
 * Reads `pulltrain.yml`: YAML, then shape, then the rules that join several keys. Returns a value frozen all the way
 * down. Throws `ConfigInvalid` (code `config-invalid`) with every fault and its line and column; `file` is what the
 * sentence calls the text.
 */
export function parseConfig(text: string, file: string): Config {
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
  const shape = configSchema.safeParse(value);
  const faults = [
    ...describeShape(shape.error?.issues ?? [], value).map(({ path, message, key }) =>
      fault(path, message, locateNode(document, counter, path, { key })),
    ),
    ...ruleFaults(value).map(({ path, message }) => fault(path, message, locateNode(document, counter, path))),
  ];
  if (faults.length > 0 || !shape.success) throw new ConfigInvalid(file, sorted(faults));
  return deepFreeze(shape.data);
}

/** A required key that was mistyped is one fault: the unknown key, which says what was meant. */
function describeShape(issues: readonly z.core.$ZodIssue[], value: unknown): DescribedIssue[] {
  const described = issues.flatMap((issue) =>
    describeIssue(
      issue,
      (path) => valueAt(value, path),
      (path) => namesAt(configSchema, path),
    ),
  );
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

const modelsSchema = z.object({ models: z.record(z.string(), z.unknown()) });
const outputSchema = z.object({ output: z.string() });

function ruleFaults(value: unknown): { path: PropertyKey[]; message: string }[] {
  const parsed = modelsSchema.safeParse(value);
  if (!parsed.success) return [];
  const models = Object.entries(parsed.data.models);
  if (models.length === 0) return [{ path: ['models'], message: 'names no model' }];
  const outputs = new Map<string, string>();
  return models.flatMap(([name, raw]) => {
    const model = looseModelSchema.safeParse(raw);
    const faults = model.success ? modelRules.flatMap((rule) => rule(model.data)) : [];
    const output = outputSchema.safeParse(raw).data?.output;
    const other = output === undefined ? undefined : outputs.get(output);
    if (output !== undefined) outputs.set(output, other ?? name);
    return [
      ...faults.map(({ path, message }) => ({ path: ['models', name, ...path], message })),
      ...(other === undefined
        ? []
        : [{ path: ['models', name, 'output'], message: `is also the output of model ${other}` }]),
    ];
  });
}

function fault(path: readonly PropertyKey[], message: string, place: { line: number; column: number }): ConfigFault {
  return { ...place, path: path.map(String).join('.'), message };
}

function sorted(faults: readonly ConfigFault[]): ConfigFault[] {
  return faults.toSorted((left, right) => left.line - right.line || left.column - right.column);
}
