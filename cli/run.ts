import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keepRun } from '../adapters/training/keep-run.ts';
import { newRunId } from '../adapters/training/new-run-id.ts';
import type { CacheUse } from '../adapters/training/open-pipeline-ports.ts';
import { runInDirectory } from '../adapters/training/run-in-directory.ts';
import { trainInDirectory } from '../adapters/training/train-in-directory.ts';
import { writeParameters } from '../adapters/training/write-parameters.ts';
import type { Parameter, RunRecord } from '../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { parameterValue } from '../pipelines/training/parameter-value.ts';
import { commandFile } from './command-file.ts';
import { formatHelp, parseOptions } from './options.ts';
import { formatRun } from './runs/format-run.ts';
import { observeRun } from './runs/observe-run.ts';
import { trainingOptions } from './training-options.ts';
import { untilInterrupted } from './until-interrupted.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  ...trainingOptions,
  out: { type: 'string', placeholder: 'FOLDER', about: 'where the run of a model is left [.pulltrain/run]' },
  pipeline: {
    type: 'string',
    placeholder: 'FILE',
    about: 'run the stages of this file instead of training a model [dvc.yaml]',
  },
  'all-pipelines': { type: 'boolean', default: false, about: 'run the stages of every dvc.yaml below this folder' },
  jobs: { type: 'string', placeholder: 'N', about: 'stages at a time; one for each core when left out' },
  set: {
    type: 'string',
    multiple: true,
    placeholder: 'NAME=VALUE',
    about: 'write a parameter into its file first; may be given again',
  },
  force: { type: 'boolean', default: false, about: 'run stages even when nothing has changed' },
  single: { type: 'boolean', default: false, about: 'only the named stages, not what they depend on' },
  downstream: { type: 'boolean', default: false, about: 'the named stages and all that depend on them' },
  'fail-fast': { type: 'boolean', default: false, about: 'start no further stage once one has failed' },
  dry: { type: 'boolean', default: false, about: 'say what would run, and run nothing' },
  'no-cache': { type: 'boolean', default: false, about: 'neither look into the run cache nor write to it' },
  push: { type: 'boolean', default: false, about: 'share finished stages through the data remote' },
} as const;

/** `pulltrain run`: the training step of a pull request, or any stages of a pipeline, on this machine. */
export const runVerb: Verb = {
  name: 'run',
  summary: 'run what has changed of a pipeline, or train a model as a pull request does',
  help: formatHelp({
    usage: 'run [STAGE...] [options]',
    about: [
      'Runs the stages of dvc.yaml that are not up to date, side by side where they do not depend on each other, takes',
      'finished ones from the run cache, and keeps a record (pulltrain runs). Without a STAGE, in a repository with',
      'pulltrain.yml, it trains the model and leaves model.onnx, run-record.json and logs/ as the training step of a pull',
      'request does. A STAGE is a name, a group (train for every train@...), folder/dvc.yaml:name, or an output.',
      'Ends with 1 when a stage fails.',
    ].join('\n'),
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals: targets } = parseOptions(args, options, { max: 1000 });
  const jobs = values.jobs === undefined ? undefined : wholeNumber(values.jobs, '--jobs');
  const id = newRunId();
  const invocation = ['pulltrain run', ...args].join(' ').slice(0, 4000);
  const cache: CacheUse = values['no-cache'] ? 'off' : values.push ? 'write' : 'read';
  const trains =
    targets.length === 0 &&
    values.pipeline === undefined &&
    !values['all-pipelines'] &&
    !values.dry &&
    existsSync(resolve(terminal.directory, values.config));
  const observer = observeRun(terminal);
  const shared = { jobs, force: values.force, cache, id, invocation };
  const clock = { now: () => new Date() };
  const surroundings = { clock, environment: terminal.environment, command: commandFile(), observer };
  const overrides = parametersOf(values.set ?? []);
  if (!values.dry) await writeParameters(terminal.directory, overrides);
  const record = await untilInterrupted(async (signal): Promise<RunRecord> => {
    if (trains) {
      const out = resolve(terminal.directory, values.out ?? join('.pulltrain', 'run'));
      const trained = await trainInDirectory(
        {
          directory: terminal.directory,
          config: values.config,
          model: values.model,
          dataRemote: values['data-remote'],
          out,
          ...shared,
        },
        { ...surroundings, signal },
      );
      await keepRun(terminal.directory, trained, join(out, 'logs'));
      return trained;
    }
    const logs = resolve(terminal.directory, '.pulltrain', 'runs', id, 'logs');
    const ran = await runInDirectory(
      {
        directory: terminal.directory,
        pipeline: values.pipeline ?? 'dvc.yaml',
        all: values['all-pipelines'],
        targets,
        single: values.single,
        downstream: values.downstream,
        failFast: values['fail-fast'],
        remote: values['data-remote'],
        overrides,
        dry: values.dry,
        logs,
        ...shared,
      },
      { ...surroundings, signal },
    );
    if (!values.dry) await keepRun(terminal.directory, ran, logs);
    return ran;
  });
  terminal.answer({ record }, formatRun(record, terminal));
  return record.failure === null ? 0 : 1;
}

function parametersOf(settings: readonly string[]): Record<string, Parameter> {
  return Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf('=');
      if (at <= 0) throw new PulltrainError('usage', { what: '--set needs NAME=VALUE', seen: setting });
      return [setting.slice(0, at), parameterValue(setting.slice(at + 1))];
    }),
  );
}

function wholeNumber(text: string, option: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new PulltrainError('usage', { what: `${option} needs a whole number from 1 on`, seen: text });
}
