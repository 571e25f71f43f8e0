import { join, resolve } from 'node:path';
import { trainInDirectory } from '../adapters/training/train-in-directory.ts';
import { commandFile } from './command-file.ts';
import { formatHelp, parseOptions } from './options.ts';
import { untilInterrupted } from './until-interrupted.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  config: { type: 'string', default: 'pulltrain.yml', placeholder: 'FILE', about: 'configuration of the repository' },
  model: { type: 'string', default: '', placeholder: 'NAME', about: 'model to train; the only one when left out' },
  'data-remote': {
    type: 'string',
    default: '',
    placeholder: 'URL',
    about: 'store of the training data; data.remote when left out',
  },
  out: { type: 'string', placeholder: 'FOLDER', about: 'where the run is left [.pulltrain/run]' },
} as const;

/** `pulltrain run`: the training step of a pull request, on this machine. */
export const runVerb: Verb = {
  name: 'run',
  summary: 'train a model here, as the training step of a pull request does',
  help: formatHelp({
    usage: 'run [options]',
    about:
      'Runs the stages of dvc.yaml that lead to the model, in the checkout around this folder, and leaves\nmodel.onnx, run-record.json and logs/. Ends with 1 when training fails.',
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const out = resolve(terminal.directory, values.out ?? join('.pulltrain', 'run'));
  const record = await untilInterrupted((signal) =>
    trainInDirectory(
      {
        directory: terminal.directory,
        config: values.config,
        model: values.model,
        dataRemote: values['data-remote'],
        out,
      },
      {
        clock: { now: () => new Date() },
        environment: terminal.environment,
        command: commandFile(),
        signal,
        observer: {
          progress: terminal.progress,
          stageStarted: (stage) => terminal.progress(`Stage ${stage}`),
          line: (text) => terminal.progress(`  ${text}`),
          stageEnded: (stage, { seconds }) => terminal.progress(`Stage ${stage} ended after ${seconds.toFixed(1)} s`),
        },
      },
    ),
  );
  const { failure, modelFile } = record;
  const text =
    failure === null
      ? [
          `${terminal.paint('green', 'succeeded')}  ${record.model}`,
          `model  ${join(out, 'model.onnx')} (sha256 ${modelFile?.sha256 ?? ''})`,
          `run    ${record.key ?? ''}`,
          ...Object.entries(record.reportedMetrics).map(([name, value]) => `${name}  ${value} (reported)`),
        ].join('\n')
      : `${terminal.paint('red', 'failed')}  ${record.model}: ${failure.message}`;
  terminal.answer({ directory: out, record }, text);
  return failure === null ? 0 : 1;
}
