import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { JobRun } from './job-run.ts';
import { parseFileCommand } from './parse-file-command.ts';

/** Largest command file that is read, in bytes. */
const maxBytes = 16 * 1024 * 1024;
/** GitHub's limit on a step's summary, in bytes. */
const maxSummaryBytes = 1024 * 1024;

export type CommandFiles = {
  env: Record<string, string>;
  /** Takes over what the step wrote; returns its outputs and saved state. */
  collect(step: number): Promise<{ outputs: Record<string, string>; state: Record<string, string> }>;
};

const kinds = ['output', 'env', 'path', 'state', 'step_summary'] as const;
type Kind = (typeof kinds)[number];

let counter = 0;

/** Fresh files for one process: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_PATH, GITHUB_STATE and GITHUB_STEP_SUMMARY. */
export async function openCommandFiles(job: JobRun): Promise<CommandFiles> {
  counter += 1;
  const folder = join(job.folders.temp, '_runner_file_commands', String(counter));
  await mkdir(folder, { recursive: true });
  const fileOf = (kind: Kind) => join(folder, kind);
  await Promise.all(kinds.map((kind) => writeFile(fileOf(kind), '')));
  return {
    env: Object.fromEntries(kinds.map((kind) => [`GITHUB_${kind.toUpperCase()}`, fileOf(kind)])),
    async collect(step) {
      try {
        for (const [name, value] of parseFileCommand(await read(fileOf('env')))) setEnv(job, name, value);
        const added = (await read(fileOf('path'))).split(/\r?\n/).filter((line) => line !== '');
        job.path = [...added.toReversed(), ...job.path];
        await collectSummary(job, step, fileOf('step_summary'));
        return {
          outputs: Object.fromEntries(parseFileCommand(await read(fileOf('output')))),
          state: Object.fromEntries(parseFileCommand(await read(fileOf('state')))),
        };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

function setEnv(job: JobRun, name: string, value: string): void {
  if (name === 'NODE_OPTIONS')
    throw new PulltrainError('file-command', {
      what: "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
    });
  job.env[name] = value;
}

async function collectSummary(job: JobRun, step: number, file: string): Promise<void> {
  const size = await sizeOf(file);
  if (size > maxSummaryBytes) {
    const message = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.round(size / 1024)}k.`;
    job.log(step, `##[error]${message}`);
    job.annotate({ level: 'failure', message, title: '', path: '.github', startLine: 1, endLine: 1 });
    return;
  }
  const text = await read(file);
  if (text.trim() !== '') job.summarize(step, text);
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return 0;
  const { size } = await handle.stat();
  await handle.close();
  return size;
}

/** A step may have deleted the file, which says nothing. */
async function read(file: string): Promise<string> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return '';
  try {
    const { size } = await handle.stat();
    if (size > maxBytes)
      throw new PulltrainError('file-command', {
        what: 'a command file is too large',
        seen: `${size} bytes`,
        allowed: `${maxBytes} bytes`,
      });
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
