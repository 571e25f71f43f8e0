import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryPathSchema } from '../../pipelines/contracts/common.ts';
import type { Parameter } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { setParameters, splitName } from '../../pipelines/training/override-parameters.ts';
import { writeFileAtomically } from '../workspace/write-file-atomically.ts';

/** Writes parameters into their files in a checkout; see `overrideParameters` for names. All are checked before one is written. */
export async function writeParameters(
  directory: string,
  overrides: Readonly<Record<string, Parameter>>,
): Promise<void> {
  const texts: [path: string, text: string][] = [];
  for (const [file, own] of Map.groupBy(Object.entries(overrides), ([name]) => splitName(name).file)) {
    const path = join(directory, repositoryPathSchema.parse(file));
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new PulltrainError('parameters-invalid', { what: 'the parameter file cannot be read', where: file, cause });
    });
    const values = Object.fromEntries(own.map(([name, value]) => [splitName(name).name, value]));
    texts.push([path, setParameters(text, values, file)]);
  }
  for (const [path, text] of texts) await writeFileAtomically(path, text);
}
