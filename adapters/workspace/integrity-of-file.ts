import { createReadStream } from 'node:fs';
import ssri from 'ssri';

/** The name of a file's bytes, read in pieces: `sha512-<base64>`. */
export async function integrityOfFile(path: string): Promise<string> {
  return (await ssri.fromStream(createReadStream(path), { algorithms: ['sha512'] })).toString();
}
