import { join, resolve } from 'node:path';
import { writeParquet } from '../../adapters/duckdb/write-parquet.ts';
import { integrityOfFile } from '../../adapters/workspace/integrity-of-file.ts';
import { writeFileAtomically } from '../../adapters/workspace/write-file-atomically.ts';
import { ConfigInvalid } from '../../pipelines/config/config-invalid.ts';
import { type SplitReport, splitReportSchema } from '../../pipelines/contracts/split-report.ts';
import type { SplitRule } from '../../pipelines/contracts/split-rule.ts';
import { readTable } from '../../pipelines/data/read-table.ts';
import { requireColumns } from '../../pipelines/data/require-columns.ts';
import { describeParts } from '../../pipelines/data/splits/describe-parts.ts';
import { parseSplitRule } from '../../pipelines/data/splits/parse-split-rule.ts';
import { planSplit } from '../../pipelines/data/splits/plan-split.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { splitText } from '../../reports/split-text.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { readText } from './read-text.ts';
import { readingOf, readingOptions } from './reading-options.ts';
import { requireFile } from './require-file.ts';
import { withTables } from './with-tables.ts';

const options = {
  rule: { type: 'string', placeholder: 'FILE', about: 'YAML file with the rule, in place of the options below' },
  out: { type: 'string', placeholder: 'FOLDER', about: 'where the parts and split-report.json are left' },
  by: { type: 'string', placeholder: 'RULE', about: 'random, stratified, group or time' },
  parts: { type: 'string', placeholder: 'NAME=SHARE,...', about: 'e.g. train=0.8,test=0.2' },
  seed: { type: 'string', placeholder: 'NUMBER', about: 'another one gives another division [0]' },
  key: { type: 'string', placeholder: 'COLUMN,...', about: 'what names a row; the whole row when left out' },
  group: { type: 'string', placeholder: 'COLUMN,...', about: 'what names the entity' },
  label: { type: 'string', placeholder: 'COLUMN', about: 'label whose shares are kept, or shown' },
  time: { type: 'string', placeholder: 'COLUMN', about: 'time column' },
  cuts: { type: 'string', placeholder: 'DAY,...', about: 'by time: where every part but the first begins' },
  gap: {
    type: 'string',
    placeholder: 'DURATION',
    about: 'by time: rows so shortly before a cut are left out, e.g. 7d',
  },
  'drop-missing': { type: 'boolean', default: false, about: 'leave out rows without a group or time' },
  ...readingOptions,
} as const;

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

/** `pulltrain data split`: one table into train, validation, test or whatever the parts are called. */
export async function splitData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 1, max: 1 });
  const [path = ''] = positionals;
  const rule = await readRule(values, terminal);
  const file = await requireFile(path, terminal);
  const out = values.out ?? '.';
  const folder = resolve(terminal.directory, out);
  const report = await withTables(async (tables) => {
    const table = await readTable(tables, file, rule.read);
    const named = [rule.label, rule.time].filter((name) => name !== undefined);
    requireColumns([...(rule.key ?? []), ...(rule.group ?? []), ...named], table.columns, path);
    terminal.progress(`Dividing ${path} by ${rule.by}`);
    const plan = await planSplit(tables, rule, table);
    const { parts, ...described } = await describeParts(tables, rule, plan, table);
    const written: SplitReport['parts'] = [];
    for (const [index, part] of parts.entries()) {
      const name = `${part.name}.parquet`;
      const target = join(folder, name);
      if (target === file) throw overwrites(path);
      terminal.progress(`Writing ${join(out, name)}: ${part.rows} rows`);
      await writeParquet(tables, `SELECT * FROM ${table.from} WHERE (${plan.part}) = ${index}`, target);
      written.push({ ...part, file: name, integrity: await integrityOfFile(target) });
    }
    return splitReportSchema.parse({
      kind: 'split-report',
      version: 1,
      data: path,
      dataIntegrity: await integrityOfFile(file),
      rule,
      method: plan.method,
      ...described,
      cuts: plan.cuts,
      parts: written,
    });
  });
  await writeFileAtomically(join(folder, 'split-report.json'), `${JSON.stringify(report, null, 2)}\n`);
  terminal.answer(report, splitText(report, out));
  return 0;
}

async function readRule(values: Values, terminal: Terminal): Promise<SplitRule> {
  const { rule, out, ...inline } = values;
  const given = Object.entries(inline).filter(([, value]) => value !== undefined && value !== false);
  if (rule !== undefined) {
    const [extra] = given;
    if (extra === undefined) return parseSplitRule(await readText(rule, terminal), rule);
    throw new PulltrainError('usage', { what: `--${extra[0]} has no effect beside --rule; write it into ${rule}` });
  }
  const list = (text: string | undefined) => text?.split(',').map((part) => part.trim());
  const said = {
    version: 1,
    read: readingOf(values),
    by: values.by,
    parts: partsOf(values.parts),
    seed: values.seed === undefined ? undefined : Number(values.seed),
    key: list(values.key),
    group: list(values.group),
    label: values.label,
    time: values.time,
    cuts: list(values.cuts),
    gap: values.gap,
    ...(values['drop-missing'] ? { missing: 'drop' } : {}),
  };
  try {
    return parseSplitRule(JSON.stringify(said), 'options');
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    const faults = error.faults.map((fault) => `--${fault.path.replace(/^read\./, '')}: ${fault.message}`);
    throw new PulltrainError('usage', { what: faults.join('; ') });
  }
}

function partsOf(text: string | undefined): Record<string, number> | undefined {
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', share = ''] = part.split('=');
      return [name.trim(), Number(share)];
    }),
  );
}

function overwrites(path: string): PulltrainError {
  return new PulltrainError('file-exists', {
    what: 'a part would overwrite the table that it is cut from',
    where: path,
    cure: 'Name another folder with --out.',
  });
}
