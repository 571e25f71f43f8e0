import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runRecordSchema } from '../../pipelines/contracts/run-record.ts';
import type { KnownRun } from '../../pipelines/runs/known-run.ts';
import { parseJson } from './parse-json.ts';

/** Runs of this machine, in no particular order. What cannot be read is told of and left out. */
export async function listLocalRuns(directory: string, note: (line: string) => void): Promise<KnownRun[]> {
  const folder = resolve(directory, '.pulltrain', 'runs');
  const runs: KnownRun[] = [];
  for (const id of await readdir(folder).catch(() => [])) {
    const text = await readFile(join(folder, id, 'run-record.json'), 'utf8').catch(() => null);
    if (text === null) continue;
    const record = runRecordSchema.safeParse(parseJson(text));
    if (!record.success) note(`${id} is no record of a run and is left out`);
    else runs.push({ id, origin: 'local', record: record.data, pull: null, verdict: null, verified: {} });
  }
  return runs;
}
