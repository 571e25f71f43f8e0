import { listRuns } from '../../adapters/runs/list-runs.ts';
import type { Parameter } from '../../pipelines/contracts/run-record.ts';
import { compareRuns, type Difference } from '../../pipelines/runs/compare-runs.ts';
import { findRun } from '../../pipelines/runs/find-run.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { formatTable } from './format-table.ts';
import { printNumber } from './print-number.ts';

/** `pulltrain runs compare` */
export async function compareTwo(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { positionals } = parseOptions(args, {}, { min: 2, max: 2 });
  const runs = await listRuns(terminal.directory, terminal.progress);
  const [left, right] = positionals.map((name) => findRun(runs, name));
  if (left === undefined || right === undefined) return 2;
  const compared = compareRuns(left, right);
  const part = (title: string, differences: readonly Difference[], cells: (one: Difference) => string[]) =>
    differences.length === 0
      ? []
      : [
          terminal.paint('bold', title),
          formatTable(['', left.id, right.id, ...(title === 'metrics' ? ['change'] : [])], differences.map(cells)),
          '',
        ];
  const plain = ({ name, left: a, right: b }: Difference) => [name, show(a), show(b)];
  const short = ({ name, left: a, right: b }: Difference) => [name, show(a).slice(0, 22), show(b).slice(0, 22)];
  const text = [
    compared.sameKey ? 'Both runs have the same key: the same stages, parameters and inputs.\n' : undefined,
    ...part('parameters', compared.parameters, plain),
    ...part('features', compared.features, short),
    ...part('metrics', compared.metrics, (one) => {
      const change = typeof one.left === 'number' && typeof one.right === 'number' ? one.right - one.left : null;
      return [...plain(one), change === null ? '' : `${change > 0 ? '+' : ''}${printNumber(change)}`];
    }),
    ...part('inputs', compared.inputs, short),
    ...part('outputs', compared.outputs, short),
    ...part('stages', compared.stages, plain),
    ...part('environment', compared.environment, plain),
  ].filter((line) => line !== undefined);
  terminal.answer(
    { left: left.id, right: right.id, ...compared },
    text.length === 0 ? 'No difference.' : text.join('\n').trimEnd(),
  );
  return 0;
}

function show(value: Parameter | undefined): string {
  if (value === undefined) return '-';
  if (typeof value === 'number') return printNumber(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
