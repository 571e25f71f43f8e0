import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunRecord, runRecordSchema } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';

/** Bytes; a record of a thousand stages is smaller. */
const largest = 4 * 1024 * 1024;

/**
 * Reads what the training job says about itself: a regular file, of bounded size, of the right shape, about this model.
 * Throws `run-missing` or `run-invalid`.
 */
export async function readRunRecord(directory: string, model: string): Promise<RunRecord> {
  const text = await readText(join(directory, 'run-record.json'));
  const parsed = runRecordSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const faults = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw invalid(faults.join('; '));
  }
  if (parsed.data.model !== model) throw invalid(`a record of model ${parsed.data.model}`);
  return parsed.data;
}

async function readText(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => {
    throw new PulltrainError('run-missing', {
      what: 'the training run handed over no record',
      cure: 'Look at the log of the training job, and push again.',
    });
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > largest) throw invalid('not a regular file of bounded size');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('not JSON');
  }
}

function invalid(seen: string): PulltrainError {
  return new PulltrainError('run-invalid', {
    what: 'the record of the training run is not usable',
    where: 'run-record.json',
    seen: seen.slice(0, 1000),
  });
}
