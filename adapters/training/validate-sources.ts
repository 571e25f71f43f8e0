import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../pipelines/config/schema.ts';
import type { ValidationReport } from '../../pipelines/contracts/validation-report.ts';
import { parseDataSchema } from '../../pipelines/data/validation/parse-data-schema.ts';
import { validateTable } from '../../pipelines/data/validation/validate-table.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import { openTables } from '../duckdb/open-tables.ts';
import { findFiles } from '../workspace/find-files.ts';

export type ValidatedFile = { data: string; schema: string };

/**
 * Holds the tables that `data.validate` names against their schemas, one after the other. `paths` are files and folders to
 * look at; every table when null. Throws what a broken schema or an unreadable table throws.
 */
export async function validateSources(
  subject: { directory: string; rules: Config['data']['validate']; paths: readonly string[] | null },
  { clock, progress }: { clock: Clock; progress(line: string): void },
): Promise<ValidationReport[]> {
  const { directory, rules, paths } = subject;
  const files: ValidatedFile[] = [];
  for (const { data, schema } of rules) {
    const found = (await findFiles(directory, data)).filter((file) => paths === null || isAmong(file, paths));
    files.push(...found.map((file) => ({ data: file, schema })));
  }
  if (files.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-validate-'));
  const tables = await openTables({ temporaryDirectory: folder });
  try {
    const reports: ValidationReport[] = [];
    for (const { data, schema } of files) {
      progress(`Validating ${data} against ${schema}`);
      const parsed = parseDataSchema(await readSchema(directory, schema), schema);
      const file = join(directory, data);
      reports.push(await validateTable({ file, data, schema: parsed, schemaPath: schema, now: clock.now() }, tables));
    }
    return reports;
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readSchema(directory: string, path: string): Promise<string> {
  try {
    return await readFile(join(directory, path), 'utf8');
  } catch (cause) {
    throw new PulltrainError('schema-missing', {
      what: 'the data schema cannot be read',
      where: path,
      cure: 'Write one with pulltrain data infer-schema, or correct data.validate in pulltrain.yml.',
      cause,
    });
  }
}

function isAmong(file: string, paths: readonly string[]): boolean {
  return paths.some((path) => file === path || file.startsWith(`${path}/`));
}
