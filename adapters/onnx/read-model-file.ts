import { openModelFile } from './open-model-file.ts';
import { readDescriptor } from './read-descriptor.ts';

/** All bytes of a model file at a path. Throws what opening and reading throw: links, folders, devices and giants are refused. */
export async function readModelFile(path: string, largest: number): Promise<Buffer> {
  await using file = await openModelFile(path);
  return await readDescriptor(file.fd, largest);
}
