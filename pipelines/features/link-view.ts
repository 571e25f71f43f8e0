import { dirname, join, normalize } from 'node:path/posix';
import { durationSeconds } from '../config/duration-seconds.ts';
import { isTable } from '../data/table-source.ts';
import { describeError } from '../describe-error.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import { type Context, interpolate } from '../training/interpolate.ts';
import type { ViewText } from './definition-schema.ts';
import type { Column, Entity, Feature, FeatureView, ViewInput } from './definitions.ts';
import { normaliseSql } from './normalise-sql.ts';
import { sqlFaults } from './sql-faults.ts';

type Report = (path: PropertyKey[], message: string) => void;
type Subject = {
  name: string;
  file: string;
  view: ViewText;
  entities: ReadonlyMap<string, Entity>;
  context: Context;
  tree: SourceTree;
};

/** Name under which a view reads the one file that it is made of. */
const ownSource = 'source';
/** Bytes of one SQL file. */
const longestSql = 262_144;

/** A view with its keys, its SQL and its inputs resolved; what does not fit is reported and left out. */
export async function linkView(
  { name, file, view, entities, context, tree }: Subject,
  report: Report,
): Promise<Omit<FeatureView, 'description' | 'owner' | 'tags'>> {
  const keys = [view.entity].flat().flatMap((entity) => entities.get(entity)?.keys ?? []);
  const features = Object.entries(view.features).map(([feature, value]): Feature => {
    const { type, description = '', owner = '', tags = [] } = typeof value === 'string' ? { type: value } : value;
    return { name: feature, type, description, owner, tags };
  });
  reportDoubles(keys, features, view, report);
  const { source } = view;
  const inputs: Record<string, ViewInput> = {};
  if ('file' in source) {
    const path = resolvePath(source.file, context, (message) => report(['source', 'file'], message));
    if (path !== null) inputs[ownSource] = { file: path };
  } else {
    if (Object.keys(source.inputs).length === 0)
      report(['source', 'inputs'], 'is empty: SQL without inputs reads nothing');
    for (const [alias, input] of Object.entries(source.inputs)) {
      const path =
        typeof input === 'string'
          ? resolvePath(input, context, (message) => report(['source', 'inputs', alias], message))
          : null;
      if (path !== null) inputs[alias] = { file: path };
      else if (typeof input !== 'string') inputs[alias] = input;
    }
  }
  const sql = 'file' in source ? `SELECT * FROM ${ownSource}` : await readSql(source.sql, file, tree, report);
  for (const fault of sqlFaults(sql)) report(['source', 'sql'], fault);
  return {
    name,
    file,
    entities: [view.entity].flat(),
    keys,
    sql: normaliseSql(sql),
    inputs,
    time: view.time,
    created: view.created ?? null,
    ttl: view.ttl === undefined ? null : durationSeconds(view.ttl),
    features,
  };
}

/** A text that is one word ending in `.sql` names a file beside the definition; any other is the SQL itself. */
async function readSql(text: string, file: string, tree: SourceTree, report: Report): Promise<string> {
  if (!/^[\w./-]+\.sql$/.test(text.trim())) return text;
  const path = normalize(join(dirname(file), text.trim()));
  const bytes = path.startsWith('..') ? null : await tree.read(path);
  if (bytes === null) report(['source', 'sql'], `there is no file ${path}`);
  else if (bytes.length > longestSql) report(['source', 'sql'], `${path} is longer than ${longestSql} bytes`);
  else return new TextDecoder().decode(bytes);
  return 'SELECT 1';
}

function resolvePath(text: string, context: Context, report: (message: string) => void): string | null {
  try {
    const path = interpolate(text, context);
    if (typeof path === 'string' && isTable(path)) return path;
    report(
      `"${String(path)}" is no table (allowed: .parquet, .csv, .tsv, .json, .jsonl or .ndjson; the last five also with .gz or .zst)`,
    );
  } catch (thrown) {
    report(describeError(thrown));
  }
  return null;
}

function reportDoubles(keys: readonly Column[], features: readonly Column[], view: ViewText, report: Report): void {
  const taken = new Map<string, string>();
  for (const { name } of keys) {
    if (taken.has(name)) report(['entity'], `two entities have a join key "${name}"`);
    taken.set(name, 'a join key');
  }
  for (const [path, name] of [['time', view.time] as const, ['created', view.created] as const]) {
    if (name === undefined) continue;
    const before = taken.get(name);
    if (before !== undefined) report([path], `"${name}" is ${before} already`);
    taken.set(name, `the column of ${path}`);
  }
  for (const { name } of features) {
    const before = taken.get(name);
    if (before !== undefined) report(['features', name], `"${name}" is ${before} already`);
  }
}
