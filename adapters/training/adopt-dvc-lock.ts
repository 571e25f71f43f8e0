import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parameterSchema } from '../../pipelines/contracts/run-record.ts';
import type { StageOutput } from '../../pipelines/contracts/stage-run.ts';
import { contentKey } from '../../pipelines/training/content-key.ts';
import type { PipelinePorts } from '../../pipelines/training/pipeline-ports.ts';
import type { StageParameters } from '../../pipelines/training/resolve-parameters.ts';
import type { Stage } from '../../pipelines/training/stage.ts';
import { legacyMd5OfFile, md5OfFile } from '../dvc/digest-file.ts';

const entrySchema = z.looseObject({ path: z.string(), md5: z.string().optional(), hash: z.string().optional() });
type Entry = z.infer<typeof entrySchema>;
const lockedSchema = z.looseObject({
  cmd: z.union([z.string(), z.array(z.string())]),
  deps: z.array(entrySchema).default([]),
  outs: z.array(entrySchema).default([]),
  params: z.record(z.string(), z.record(z.string(), parameterSchema)).default({}),
});
type Locked = z.infer<typeof lockedSchema>;
const lockSchema = z.looseObject({ schema: z.literal('2.0'), stages: z.record(z.string(), lockedSchema).default({}) });

/**
 * Believes a `dvc.lock` about stages that have not run here under our eyes: when command, parameters and the MD5 sums of all
 * inputs and outputs are what it says, the stage is up to date, and hours of training need not be repeated. Returns how many.
 */
export async function adoptDvcLock(
  directory: string,
  stages: readonly Stage[],
  parameters: ReadonlyMap<string, StageParameters>,
  { files, memory, clock }: Pick<PipelinePorts, 'files' | 'memory' | 'clock'>,
): Promise<number> {
  const unknown = stages.filter((stage) => memory.recall(stage.name) === null && !stage.frozen);
  let adopted = 0;
  for (const [folder, own] of Map.groupBy(unknown, folderOf)) {
    const lock = await readLock(join(directory, folder, 'dvc.lock'));
    for (const stage of lock === null ? [] : own) {
      const locked = lock?.[stage.name.slice(stage.name.lastIndexOf(':') + 1)];
      const values = parameters.get(stage.name) ?? {};
      if (locked === undefined || !isSameDefinition(stage, locked, values)) continue;
      if (!(await lieThere(directory, stage, [...locked.deps, ...locked.outs]))) continue;
      const inputs: { path: string; fingerprint: string }[] = [];
      for (const path of stage.deps) {
        const found = await files.fingerprint(path);
        if (found !== null) inputs.push({ path, fingerprint: found.fingerprint });
      }
      const outs: StageOutput[] = [];
      for (const path of stage.outs) {
        const found = await files.fingerprint(path);
        if (found !== null) outs.push({ ...found, integrity: null });
      }
      await memory.remember({
        kind: 'stage-run',
        version: 1,
        key: contentKey(stage, values, inputs),
        stage: stage.name,
        commands: stage.commands,
        parameters: values,
        deps: inputs,
        outs,
        seconds: 0,
        code: null,
        madeAt: clock.now().toISOString(),
      });
      adopted += 1;
    }
  }
  return adopted;
}

function folderOf({ place }: Stage): string {
  return posix.dirname(place.replace(/:\d+:\d+$/, ''));
}

async function readLock(file: string): Promise<Record<string, Locked> | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  try {
    return text === null ? null : (lockSchema.safeParse(parse(text)).data?.stages ?? null);
  } catch {
    // Whatever it is, it tells nothing.
    return null;
  }
}

function isSameDefinition(stage: Stage, locked: Locked, values: StageParameters): boolean {
  const cmd = typeof locked.cmd === 'string' ? [locked.cmd] : locked.cmd;
  const inStage = (path: string) => posix.relative(stage.directory, path) || '.';
  const flat = (of: StageParameters) => JSON.stringify(sorted(of));
  const own = Object.fromEntries(
    Object.entries(values).map(([file, named]) => [inStage(file), '*' in named ? plainMapping(named['*']) : named]),
  );
  return (
    JSON.stringify(cmd) === JSON.stringify(stage.commands) &&
    flat(own) === flat(locked.params) &&
    sameNames(locked.deps, stage.deps.map(inStage)) &&
    sameNames(locked.outs, stage.outs.map(inStage)) &&
    stage.external.length === 0
  );
}

function plainMapping(value: unknown): StageParameters[string] {
  return z.record(z.string(), parameterSchema).safeParse(value).data ?? {};
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}

function sameNames(entries: readonly Entry[], paths: readonly string[]): boolean {
  return JSON.stringify(entries.map(({ path }) => path).sort()) === JSON.stringify(paths.toSorted());
}

async function lieThere(directory: string, stage: Stage, entries: readonly Entry[]): Promise<boolean> {
  for (const { path, md5, hash } of entries) {
    const place = join(directory, stage.directory, path);
    if (md5 === undefined || (await md5At(place, hash === 'md5')) !== md5) return false;
  }
  return true;
}

/** As DVC sums up: a file by its bytes, a folder by the list of its files as Python prints it, with `.dir` behind. */
async function md5At(place: string, isPlain: boolean): Promise<string | null> {
  const sum = isPlain ? md5OfFile : legacyMd5OfFile;
  const found = await stat(place).catch(() => null);
  if (found === null) return null;
  if (!found.isDirectory()) return sum(place);
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const names = files.map((file) => posix.relative(place, file)).sort();
  const listed: string[] = [];
  for (const name of names) {
    listed.push(`{"md5": "${await sum(join(place, name))}", "relpath": ${asciiJson(name)}}`);
  }
  return `${createHash('md5')
    .update(`[${listed.join(', ')}]`)
    .digest('hex')}.dir`;
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
