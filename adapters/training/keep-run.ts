import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type RunRecord, runRecordSchema } from '../../pipelines/contracts/run-record.ts';
import { writeFileAtomically } from '../workspace/write-file-atomically.ts';

/**
 * Keeps the record of a run and its logs in `.pulltrain/runs/<id>` of the checkout, where `pulltrain runs` finds them. The
 * record comes last: a folder without one is a run that never ended.
 */
export async function keepRun(directory: string, record: RunRecord, logs: string): Promise<void> {
  const own = resolve(directory, '.pulltrain');
  const folder = join(own, 'runs', record.id ?? 'unnamed');
  await mkdir(folder, { recursive: true });
  // Nothing below is for git, whatever the repository ignores.
  await writeFile(join(own, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
  const target = join(folder, 'logs');
  if (resolve(logs) !== target) await cp(logs, target, { recursive: true });
  await writeFileAtomically(join(folder, 'run-record.json'), `${JSON.stringify(runRecordSchema.parse(record))}\n`);
}
