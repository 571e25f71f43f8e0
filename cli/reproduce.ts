import { listRuns } from '../adapters/runs/list-runs.ts';
import { reproduceRun } from '../adapters/training/reproduce-run.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { findRun } from '../pipelines/runs/find-run.ts';
import { commandFile } from './command-file.ts';
import { formatHelp, parseOptions } from './options.ts';
import { formatTable } from './runs/format-table.ts';
import { observeRun } from './runs/observe-run.ts';
import { printNumber } from './runs/print-number.ts';
import { untilInterrupted } from './until-interrupted.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  config: { type: 'string', default: 'pulltrain.yml', placeholder: 'FILE', about: 'configuration of the repository' },
  pipeline: { type: 'string', default: 'dvc.yaml', placeholder: 'FILE', about: 'pipeline of a run without a model' },
  'data-remote': {
    type: 'string',
    default: '',
    placeholder: 'URL',
    about: 'store of the data; data.remote when left out',
  },
  tolerance: {
    type: 'string',
    default: '1e-6',
    placeholder: 'NUMBER',
    about: 'largest difference of a metric or score that counts as none, relative above 1',
  },
  jobs: { type: 'string', placeholder: 'N', about: 'stages at a time; one for each core when left out' },
} as const;

/** `pulltrain reproduce`: a run again, from its commit and without any cache. */
export const reproduceVerb: Verb = {
  name: 'reproduce',
  summary: 'run a run again from its commit and say whether it comes out the same',
  help: formatHelp({
    usage: 'reproduce [RUN] [options]',
    about: [
      'Checks the commit of a run out into a folder of its own, runs its stages without any cache, and compares every output.',
      'Bit-equal: all bytes are the same. Equal within tolerance: all metrics, and of a model the scores on 512 made-up rows,',
      'agree. Different: says which output differs first, and which inputs and packages were others. Ends with 1 when different.',
    ].join('\n'),
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: 1 });
  const tolerance = Number(values.tolerance);
  if (!(tolerance >= 0))
    throw new PulltrainError('usage', { what: '--tolerance needs a number from 0 on', seen: values.tolerance });
  const runs = await listRuns(terminal.directory, terminal.progress);
  const known = findRun(runs, positionals[0] ?? 'latest');
  const jobs = values.jobs === undefined ? undefined : Math.max(1, Number(values.jobs) || 1);
  const again = await untilInterrupted((signal) =>
    reproduceRun(
      known,
      {
        directory: terminal.directory,
        config: values.config,
        pipeline: values.pipeline,
        dataRemote: values['data-remote'],
        tolerance,
        jobs,
      },
      {
        clock: { now: () => new Date() },
        environment: terminal.environment,
        command: commandFile(),
        observer: observeRun(terminal),
        signal,
      },
    ),
  );
  const { record, ...told } = again;
  const colour = { 'bit-equal': 'green', 'equal-within-tolerance': 'yellow', different: 'red' } as const;
  const metrics = told.metrics.filter(({ before, now }) => before !== now);
  const text = [
    `${terminal.paint(colour[told.verdict], told.verdict)}  ${known.id}`,
    told.sentence,
    ...(told.outputs.length === 0
      ? []
      : [
          '',
          formatTable(
            ['output that differs', 'stage'],
            told.outputs.map(({ path, stage }) => [path, stage]),
          ),
        ]),
    ...(metrics.length === 0
      ? []
      : [
          '',
          formatTable(
            ['metric', 'before', 'now'],
            metrics.map(({ name, before, now }) => [
              name,
              before === null ? '' : printNumber(before),
              now === null ? '' : printNumber(now),
            ]),
          ),
        ]),
    ...(told.environment.length === 0
      ? []
      : [
          '',
          formatTable(
            ['environment', 'before', 'now'],
            told.environment.map(({ name, before, now }) => [name, before, now]),
          ),
        ]),
  ];
  terminal.answer({ run: known.id, ...told, record }, text.join('\n'));
  return told.verdict === 'different' ? 1 : 0;
}
