import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type RunRecord, runRecordSchema } from '../../pipelines/contracts/run-record.ts';
import type { HandOver } from '../../pipelines/training/training-ports.ts';
import { inspectModel } from '../onnx/inspect-model.ts';
import { readModelFile } from '../onnx/read-model-file.ts';

/** Bytes; what ONNX itself can hold in one file. */
const largestModel = 2 * 1024 ** 3 - 1;

/**
 * The directory that a training run leaves: `model.onnx`, `run-record.json`, `logs/`. Everything is gathered in a hidden
 * folder beside it, and `finish` puts that in place of whatever an earlier run left. `discard` forgets an unfinished one.
 */
export function openHandOver(
  directory: string,
  workspace: string,
): HandOver & { logs: string; discard(): Promise<void> } {
  const target = resolve(directory);
  const draft = join(dirname(target), `.pulltrain-${randomUUID()}`);
  mkdirSync(join(draft, 'logs'), { recursive: true });
  return {
    logs: join(draft, 'logs'),
    async takeModel(path) {
      const bytes = await readModelFile(join(workspace, path), largestModel);
      inspectModel(bytes);
      await writeFile(join(draft, 'model.onnx'), bytes, { flush: true });
      const digest = (algorithm: string) => createHash(algorithm).update(bytes);
      return {
        path: 'model.onnx',
        sha256: digest('sha256').digest('hex'),
        integrity: `sha512-${digest('sha512').digest('base64')}`,
        size: bytes.length,
      };
    },
    async finish(record: RunRecord) {
      const text = `${JSON.stringify(runRecordSchema.parse(record), null, 2)}\n`;
      await writeFile(join(draft, 'run-record.json'), text, { flush: true });
      const old = `${draft}-old`;
      await rename(target, old).catch((cause) => {
        if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
      });
      await rename(draft, target);
      await rm(old, { recursive: true, force: true });
    },
    async discard() {
      await rm(draft, { recursive: true, force: true });
    },
  };
}
