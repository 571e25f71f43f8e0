import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataDiff } from '../../pipelines/contracts/data-diff.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { type Enclosure, enclose } from '../onnx/enclosure.ts';
import { type DiffRequest, diffAnswerSchema } from './diff-request.ts';

/** Bytes of an answer: some hundred columns take a tenth of it. */
const largestAnswer = 4 * 2 ** 20;
const timeLimit = 60_000;

/**
 * What differs between two tables, worked out by a process of its own that sees nothing but programs and the folders of the
 * two files. Throws `diff-failed`; what the process says is parsed like any other stranger's text.
 */
export async function diffInChild(
  request: Omit<DiffRequest, 'memory'>,
  enclosure: Enclosure,
  { time = timeLimit, memory = '1GB' }: { time?: number; memory?: string } = {},
): Promise<DataDiff> {
  const root = await mkdtemp(join(tmpdir(), 'pulltrain-enclosure-'));
  const command = [process.execPath, '--max-old-space-size=512', childScript(), JSON.stringify({ ...request, memory })];
  const folders = [...new Set([dirname(request.base.file), dirname(request.head.file)])];
  const [file = '', ...rest] = enclose(enclosure, command, root, folders);
  try {
    const answer = diffAnswerSchema.safeParse(parseJson(await runChild(file, rest, time)));
    if (!answer.success) throw failed('an answer that is none', request);
    if ('fault' in answer.data) {
      const named = (text: string, side: DiffRequest['base']) => text.replaceAll(side.file, side.path);
      throw failed(named(named(answer.data.fault, request.base), request.head), request);
    }
    return answer.data.diff;
  } finally {
    await rm(root, { recursive: true, force: true });
  }

  function runChild(program: string, parameters: readonly string[], timeout: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { env: {}, cwd: '/', timeout, killSignal: 'SIGKILL', maxBuffer: largestAnswer } as const;
      execFile(program, parameters, options, (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(failed(describeExit(error), request));
      });
    });
  }
}

function failed(seen: string, { base, head }: Omit<DiffRequest, 'memory'>): PulltrainError {
  return new PulltrainError('diff-failed', {
    what: 'the tables cannot be compared',
    where: `${base.path} and ${head.path}`,
    seen,
  });
}

function describeExit({ killed, code, signal }: ExecFileException): string {
  return killed === true
    ? 'it took too long or said too much'
    : `the process ended with ${signal ?? `exit code ${code}`}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bundled, the child lies beside the action; from source, beside this file. */
function childScript(): string {
  const script = import.meta.url.endsWith('.cjs') ? './diff-child.cjs' : './diff-child.ts';
  return fileURLToPath(new URL(script, import.meta.url));
}
