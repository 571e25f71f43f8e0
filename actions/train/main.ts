import { join } from 'node:path';
import { setOutput, summary } from '@actions/core';
import { z } from 'zod';
import type { CacheUse } from '../../adapters/training/open-pipeline-ports.ts';
import { trainInDirectory } from '../../adapters/training/train-in-directory.ts';
import { writeParameters } from '../../adapters/training/write-parameters.ts';
import { type Parameter, parameterSchema } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { observeTraining } from './observe-training.ts';
import { summarizeRun } from './summarize-run.ts';

export type TrainInputs = { config: string; model: string; dataRemote: string; parameters?: string; runCache?: string };

export type TrainSurroundings = {
  /** The checkout. */
  directory: string;
  /** Where the run is left for the upload step. */
  temporary: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** The file behind the command `pulltrain`. */
  command: string;
  signal: AbortSignal;
};

/** Trains, hands over what came of it, and fails the step when that is a failure. */
export async function main(inputs: TrainInputs, surroundings: TrainSurroundings): Promise<void> {
  const { directory, temporary, environment, command, signal } = surroundings;
  const out = join(temporary, 'pulltrain-run', inputs.model || 'model');
  if (inputs.parameters) await writeParameters(directory, readParameters(inputs.parameters));
  const record = await trainInDirectory(
    {
      directory,
      config: inputs.config || 'pulltrain.yml',
      model: inputs.model,
      dataRemote: inputs.dataRemote,
      out,
      cache: readCacheUse(inputs.runCache || 'read'),
    },
    { clock: { now: () => new Date() }, environment, observer: observeTraining(), command, signal },
  );
  setOutput('directory', out);
  setOutput('key', record.key ?? '');
  setOutput('status', record.status);
  if (environment.GITHUB_STEP_SUMMARY !== undefined) await summary.addRaw(summarizeRun(record), true).write();
  if (record.failure !== null) throw new PulltrainError(record.failure.code, { what: record.failure.message });
}

function readCacheUse(text: string): CacheUse {
  const uses: readonly CacheUse[] = ['off', 'read', 'write'];
  const use = uses.find((one) => one === text);
  if (use !== undefined) return use;
  throw new PulltrainError('input-invalid', {
    what: 'no such use of the run cache',
    where: 'input run-cache',
    seen: text,
    allowed: uses.join(', '),
  });
}

function readParameters(text: string): Record<string, Parameter> {
  try {
    return z.record(z.string(), parameterSchema).parse(JSON.parse(text));
  } catch (cause) {
    throw new PulltrainError('parameters-invalid', {
      what: 'expected a JSON object of parameters by dotted name',
      where: 'input parameters',
      seen: text.slice(0, 200),
      cause,
    });
  }
}
