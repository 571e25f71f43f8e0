import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { PulltrainError } from '../../pipelines/errors.ts';

/** Opens a model file without following a link at its end or waiting for a pipe. Throws `model-not-onnx`. */
export async function openModelFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw new PulltrainError('model-not-onnx', { what: 'cannot open the model file', cause });
  }
}
