import { readTable } from '../../pipelines/data/read-table.ts';
import { findLeakage } from '../../pipelines/data/splits/find-leakage.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { leakageText } from '../../reports/leakage-text.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { readingOf, readingOptions } from './reading-options.ts';
import { requireFile } from './require-file.ts';
import { withTables } from './with-tables.ts';

const options = {
  label: { type: 'string', placeholder: 'COLUMN', about: 'the label, which is no feature' },
  entity: { type: 'string', multiple: true, placeholder: 'COLUMN,...', about: 'what names an entity; may be repeated' },
  time: { type: 'string', placeholder: 'COLUMN', about: 'time column: training must end before the holdout' },
  text: { type: 'string', multiple: true, placeholder: 'COLUMN', about: 'text to compare by its words' },
  ignore: { type: 'string', multiple: true, placeholder: 'COLUMN,...', about: 'columns not compared, e.g. an id' },
  sensitive: { type: 'string', multiple: true, placeholder: 'COLUMN,...', about: 'columns whose values are not shown' },
  'max-exact': { type: 'string', default: '0', placeholder: 'SHARE', about: 'equal rows allowed' },
  'max-near': { type: 'string', placeholder: 'SHARE', about: 'nearly equal rows allowed; only shown when left out' },
  'max-text': { type: 'string', placeholder: 'SHARE', about: 'nearly equal texts allowed; only shown when left out' },
  'max-entity': { type: 'string', default: '0', placeholder: 'SHARE', about: 'rows of shared entities allowed' },
  'max-time': { type: 'string', default: '0', placeholder: 'SHARE', about: 'rows before the end of training allowed' },
  ...readingOptions,
} as const;

/** `pulltrain data leakage`: what of a holdout is in the training data. Exit 1 when a limit is passed. */
export async function findDataLeakage(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 2, max: 2 });
  const [train = '', holdout = ''] = positionals;
  const files = { train: await requireFile(train, terminal), holdout: await requireFile(holdout, terminal) };
  const reading = readingOf(values);
  const limits = Object.fromEntries(
    (['exact', 'near', 'text', 'entity', 'time'] as const).flatMap((check) => {
      const share = values[`max-${check}`];
      return share === undefined ? [] : [[check, shareOf(share, `max-${check}`)]];
    }),
  );
  const report = await withTables(async (tables) =>
    findLeakage(
      {
        train: await readTable(tables, files.train, reading),
        holdout: await readTable(tables, files.holdout, reading),
        paths: { train, holdout },
        ignore: lists(values.ignore),
        label: values.label,
        time: values.time,
        entities: (values.entity ?? []).map((entity) => lists([entity])),
        texts: lists(values.text),
        sensitive: lists(values.sensitive),
        limits,
      },
      tables,
    ),
  );
  terminal.answer(report, leakageText(report, terminal.paint));
  return report.status === 'pass' ? 0 : 1;
}

function lists(given: readonly string[] | undefined): string[] {
  return (given ?? []).flatMap((text) => text.split(',').map((name) => name.trim()));
}

function shareOf(text: string, name: string): number {
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new PulltrainError('usage', { what: `--${name} is no share`, seen: text, allowed: '0 to 1' });
}
