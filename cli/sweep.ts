import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { headSha } from '../adapters/git/head-sha.ts';
import { runSweepInDirectory } from '../adapters/sweeps/run-sweep-in-directory.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import type { SweepPlan } from '../pipelines/contracts/sweep.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { makePlan } from '../pipelines/sweeps/make-plan.ts';
import { readAsk } from '../pipelines/sweeps/parse-ask.ts';
import { planRung } from '../pipelines/sweeps/plan-rung.ts';
import { formatNumber } from '../reports/format-number.ts';
import { briefNote } from '../reports/sweep-columns.ts';
import { sweepText } from '../reports/sweep-text.ts';
import { commandFile } from './command-file.ts';
import { formatHelp, parseOptions } from './options.ts';
import { trainingOptions } from './training-options.ts';
import { untilInterrupted } from './until-interrupted.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  ...trainingOptions,
  set: { type: 'string', multiple: true, placeholder: 'NAME=VALUES', about: 'the same as a parameter without --set' },
  random: { type: 'string', placeholder: 'N', about: 'draw N points of the space instead of trying every one' },
  seed: { type: 'string', placeholder: 'N', about: 'the same seed draws the same points [1]' },
  halving: {
    type: 'string',
    placeholder: 'NAME=FROM..TO',
    about: 'begin with little of this parameter, go on with the best',
  },
  keep: { type: 'string', placeholder: 'N', about: 'one of N goes on, with N times as much [3]' },
  metric: {
    type: 'string',
    placeholder: 'NAME',
    about: 'reported metric that ranks; that of the primary one when left out',
  },
  jobs: { type: 'string', placeholder: 'N', about: 'trials at a time; half of the cores when left out' },
  afresh: { type: 'boolean', default: false, about: 'train all trials again' },
  dry: { type: 'boolean', default: false, about: 'say which trials there are, and train nothing' },
} as const;

/** What single stages do is in their logs. */
const ignore = (): void => {};

/** `pulltrain sweep`: many trainings with different parameters, side by side, ranked. */
export const sweepVerb: Verb = {
  name: 'sweep',
  summary: 'train with many parameters side by side, and rank what came of it',
  help: formatHelp({
    usage: 'sweep [NAME=VALUES...] [options]',
    about: [
      'Trains the model once for each combination of parameters: lr=0.01,0.1 are two values, depth=4..8 five whole numbers,',
      'depth=4..16..4 has a step, lr=log:0.001..0.1 is a range to draw from on a log scale. Without any, the key sweep of',
      'the model says what to vary. Trials run in copies of the checkout, with the tracked files as they lie; yours stay as',
      'they are. What was trained is kept in .pulltrain/sweeps: the same command goes on after an interruption.',
      'Ends with 1 when no trial has a value.',
    ].join('\n'),
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: 50 });
  const ask = readAsk([...positionals, ...(values.set ?? [])], values);
  const text = await readFile(resolve(terminal.directory, values.config), 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('config-missing', {
      what: 'the configuration cannot be read',
      where: values.config,
      cause,
    });
  });
  const { name: model, model: config } = selectModel(parseConfig(text, values.config), values.model);
  const commit = await headSha(terminal.directory);
  const plan = makePlan({ model, config }, ask, { commit, pull: null });
  if (values.dry) {
    const trials = planRung(plan, []);
    terminal.answer(
      { plan, trials },
      trials.map((trial) => `${trial.number}  ${written(trial.parameters)}`).join('\n'),
    );
    return 0;
  }
  const { id, folder, results } = await untilInterrupted((signal) =>
    runSweepInDirectory(
      plan,
      {
        directory: terminal.directory,
        config: values.config,
        dataRemote: values['data-remote'],
        jobs: jobsOf(values.jobs),
        afresh: values.afresh,
        invocation: ['pulltrain sweep', ...args].join(' ').slice(0, 4000),
      },
      {
        clock: { now: () => new Date() },
        environment: terminal.environment,
        command: commandFile(),
        signal,
        observer: { note: ignore, line: ignore, started: ignore, ended: ignore, progress: ignore },
        sweep: observe(plan, terminal),
      },
    ).catch((fault: unknown) => {
      if (!signal.aborted) throw fault;
      throw new PulltrainError('cancelled', {
        what: 'the sweep was interrupted',
        cure: 'What was trained is kept: the same command goes on.',
      });
    }),
  );
  const result = results.at(-1);
  if (result === undefined) return 1;
  terminal.answer(
    { id, plan, results },
    sweepText(plan, results, { folder: relative(terminal.directory, folder), ...terminal }),
  );
  return result.winner === null ? 1 : 0;
}

function observe(plan: SweepPlan, terminal: Terminal) {
  return {
    resumed: () => terminal.progress('Going on with the sweep of the same plan; --afresh trains all of it again.'),
    rung(rung: number, rungs: number, trials: readonly unknown[]) {
      const which = rungs === 1 ? '' : `, rung ${rung} of ${rungs}`;
      terminal.progress(terminal.paint('bold', `${trials.length} trials of ${plan.model}${which}`));
    },
    ended(
      { number, parameters, value, note }: { number: number; parameters: object; value: number | null; note: string },
      done: number,
      all: number,
    ) {
      const what = value === null ? terminal.paint('red', briefNote(note)) : formatNumber(value);
      terminal.progress(`${done} of ${all}  trial ${number}: ${what}  ${terminal.paint('dim', written(parameters))}`);
    },
  };
}

function written(parameters: object): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

function jobsOf(text: string | undefined): number {
  if (text === undefined) return Math.max(1, Math.floor(availableParallelism() / 2));
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new PulltrainError('usage', { what: '--jobs needs a whole number from 1 on', seen: text });
}
