import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunRecord, runRecordSchema } from '../../pipelines/contracts/run-record.ts';
import { type SweepPlan, type SweepResult, sweepPlanSchema } from '../../pipelines/contracts/sweep.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { writeFileAtomically } from '../workspace/write-file-atomically.ts';

export type SweepFolder = AsyncDisposable & {
  path: string;
  /** Where the copies of the checkout lie while it goes on. */
  copies: string;
  /** Whether an earlier sweep of this plan was begun here. */
  begun: boolean;
  /** Where a trial of a rung is left. */
  trial(rung: number, number: number): string;
  /** The record of a trial that has ended, or null. */
  recall(rung: number, number: number): Promise<RunRecord | null>;
  keep(result: SweepResult): Promise<void>;
};

/** `.pulltrain/sweeps/<id>`: the plan, every trial's run, and the ranked results. `afresh` forgets an earlier one. */
export async function openSweepFolder(
  directory: string,
  id: string,
  plan: SweepPlan,
  { afresh }: { afresh: boolean },
): Promise<SweepFolder> {
  const own = join(directory, '.pulltrain');
  const path = join(own, 'sweeps', id);
  await mkdir(path, { recursive: true });
  const unlock = await lock(join(path, 'lock'));
  if (afresh) await forget(path);
  await writeFile(join(own, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
  const begun = sweepPlanSchema.safeParse(await readJson(join(path, 'plan.json'))).success;
  await writeFileAtomically(join(path, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
  const trial = (rung: number, number: number) => join(path, `rung-${rung}`, `trial-${number}`);
  return {
    path,
    copies: join(path, 'copies'),
    begun,
    trial,
    async recall(rung, number) {
      return runRecordSchema.safeParse(await readJson(join(trial(rung, number), 'run-record.json'))).data ?? null;
    },
    async keep(result) {
      await writeFileAtomically(join(path, `rung-${result.rung}.json`), `${JSON.stringify(result, null, 2)}\n`);
    },
    [Symbol.asyncDispose]: unlock,
  };
}

/** One sweep at a time: two would take the copies of the checkout from each other. A lock of a process that is gone is none. */
async function lock(file: string): Promise<() => Promise<void>> {
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  if (holder !== process.pid && isAlive(holder)) {
    throw new PulltrainError('sweep-running', {
      what: 'this very sweep is going on already',
      where: file,
      seen: `process ${holder}`,
      cure: 'Wait for it, or stop it; what it has trained is kept.',
    });
  }
  await writeFileAtomically(file, `${process.pid}\n`);
  return () => rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function forget(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    if (name !== 'lock') await rm(join(path, name), { recursive: true, force: true });
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}
