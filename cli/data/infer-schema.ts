import { mkdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { writeFileAtomically } from '../../adapters/workspace/write-file-atomically.ts';
import { formatDraft } from '../../pipelines/data/validation/format-draft.ts';
import { inferSchema } from '../../pipelines/data/validation/infer-schema.ts';
import { parseDataSchema } from '../../pipelines/data/validation/parse-data-schema.ts';
import { validateTable } from '../../pipelines/data/validation/validate-table.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { readingOf, readingOptions } from './reading-options.ts';
import { refuseOverwrite } from './refuse-overwrite.ts';
import { requireFile } from './require-file.ts';
import { withTables } from './with-tables.ts';

const options = {
  out: { type: 'string', placeholder: 'FILE', about: 'where the schema is written; standard output when left out' },
  force: { type: 'boolean', default: false, about: 'overwrite a schema that is there' },
  ...readingOptions,
} as const;

/** `pulltrain data infer-schema`: a first schema from a table, to be read and corrected by a person. */
export async function inferDataSchema(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 1, max: 1 });
  const [path = ''] = positionals;
  const file = await requireFile(path, terminal);
  const out = values.out === undefined ? null : resolve(terminal.directory, values.out);
  if (out !== null && !values.force) await refuseOverwrite(out, values.out ?? '');
  const { text, report } = await withTables(async (tables) => {
    const draft = await inferSchema(tables, file, readingOf(values));
    const text = formatDraft(draft, basename(path));
    // Read back as any schema is, so that what is written is known to hold.
    const schema = parseDataSchema(text, values.out ?? 'schema');
    const subject = { file, data: path, schema, schemaPath: values.out ?? 'schema', now: new Date() };
    return { text, report: await validateTable(subject, tables) };
  });
  if (report.status === 'fail') {
    throw new PulltrainError('schema-not-held', {
      what: 'the inferred schema does not hold its own data',
      where: path,
    });
  }
  if (out !== null) {
    await mkdir(dirname(out), { recursive: true });
    await writeFileAtomically(out, text);
  }
  const columns = report.columns.length;
  const said = `${values.out}: ${columns} columns, ${report.results.length} rules, held by all ${report.rows} rows. Read it and make it yours.`;
  terminal.answer({ schema: text, out: values.out ?? null, rows: report.rows }, out === null ? text.trimEnd() : said);
  return 0;
}
