import { z } from 'zod';
import { tableSource } from '../data/table-source.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteText } from '../quote-sql.ts';
import type { Definitions, FeatureView } from './definitions.ts';
import type { Build, BuildCache, FeatureFiles } from './feature-ports.ts';
import { fitsType, isTimeType } from './feature-types.ts';
import { type IdentifiedViews, shortHash } from './identify-views.ts';
import { buildFactsSql, describeViewSql, type InputRelations, writeViewSql } from './view-sql.ts';

export type BuildPorts = {
  files: FeatureFiles;
  cache: BuildCache;
  /** An engine that can read the named files and write the last one, and reach nothing else. */
  openConfined(reads: readonly string[], writes: string): Promise<Tables>;
  progress(line: string): void;
};

const describedSchema = z.array(z.object({ column_name: z.string(), column_type: z.string() }));
const factsSchema = z.tuple([
  z.object({
    rows: z.number(),
    unreachable: z.number(),
    ambiguous: z.number(),
    first: z.string().nullable(),
    last: z.string().nullable(),
  }),
]);

/**
 * The builds of a view and of what it reads; each version is built once. Throws `view-unidentified`, `view-columns` with
 * every column that does not fit, `view-failed`, or what opening the data throws.
 */
export async function buildView(
  name: string,
  subject: { definitions: Definitions; identified: IdentifiedViews },
  ports: BuildPorts,
): Promise<Build & { version: string; found: boolean }> {
  const { definitions, identified } = subject;
  const view = definitions.views.get(name);
  const identity = identified.get(name);
  if (view === undefined || identity === undefined) throw new TypeError(`view ${name} was not identified`);
  const { version } = identity;
  if (version === null) throw unidentified(view, identity.inputs);
  const ready = await ports.cache.find(version);
  if (ready !== null) return { ...ready, version, found: true };

  const reads: string[] = [];
  const relations: Record<string, string> = {};
  for (const [alias, input] of Object.entries(view.inputs)) {
    if ('view' in input) {
      const { file } = await buildView(input.view, subject, ports);
      reads.push(file);
      relations[alias] = `read_parquet(${quoteText(file)})`;
    } else {
      const file = await ports.files.open(input.file, identity.inputs[alias] ?? '');
      reads.push(file);
      relations[alias] = tableSource(file);
    }
  }
  ports.progress(`Building ${name} (${shortHash(version)})`);
  const built = await ports.cache.keep(version, (file) => write(view, relations, { reads, file }, ports));
  return { ...built, version, found: false };
}

async function write(
  view: FeatureView,
  relations: InputRelations,
  { reads, file }: { reads: readonly string[]; file: string },
  ports: BuildPorts,
) {
  const tables = await ports.openConfined(reads, file);
  try {
    const described = await asFault(view, () => tables.query(describeViewSql(view, relations)));
    requireColumns(view, describedSchema.parse(described));
    await asFault(view, () => tables.query(writeViewSql(view, relations, file)));
    const [facts] = factsSchema.parse(await tables.query(buildFactsSql(view, file)));
    return facts;
  } finally {
    tables.close();
  }
}

function requireColumns(view: FeatureView, described: z.infer<typeof describedSchema>): void {
  const seen = new Map(described.map(({ column_name: name, column_type: type }) => [name, type]));
  const faults: string[] = [];
  const check = (name: string, what: string, fits: (type: string) => boolean) => {
    const type = seen.get(name);
    if (type === undefined) faults.push(`${what} ${name} is not there`);
    else if (!fits(type)) faults.push(`${what} ${name} is ${type}`);
  };
  for (const { name, type } of view.keys) check(name, `join key (${type})`, (seenType) => fitsType(seenType, type));
  check(view.time, 'time', isTimeType);
  if (view.created !== null) check(view.created, 'created time', isTimeType);
  for (const { name, type } of view.features) check(name, `feature (${type})`, (seenType) => fitsType(seenType, type));
  if (faults.length === 0) return;
  throw new PulltrainError('view-columns', {
    what: `the rows of view ${view.name} are not as declared: ${faults.join('; ')}`,
    where: view.file,
    seen: described.map(({ column_name: name, column_type: type }) => `${name} ${type}`).join(', '),
    cure: 'Cast or rename in its SQL, or correct the declared types.',
  });
}

async function asFault<Answer>(view: FeatureView, query: () => Promise<Answer>): Promise<Answer> {
  try {
    return await query();
  } catch (cause) {
    throw new PulltrainError('view-failed', {
      what: `the SQL of view ${view.name} cannot be run`,
      where: view.file,
      allowed: `reading only its inputs: ${Object.keys(view.inputs).join(', ')}`,
      cause,
    });
  }
}

function unidentified(view: FeatureView, inputs: Readonly<Record<string, string | null>>): PulltrainError {
  const absent = Object.entries(view.inputs).flatMap(([alias, input]) =>
    inputs[alias] === null ? ['file' in input ? input.file : `view ${input.view}`] : [],
  );
  return new PulltrainError('data-missing', {
    what: `view ${view.name} reads what is not there: ${absent.join(', ')}`,
    where: view.file,
    cure: 'Bring it with "pulltrain data pull", or run the stage that makes it.',
  });
}
