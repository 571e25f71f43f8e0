import posix from 'node:path/posix';
import { parse } from 'yaml';
import { z } from 'zod';
import { PulltrainError } from '../../errors.ts';
import type { DvcOut } from './dvc-out.ts';
import { type DvcFault, dvcOutSchema, readDvcOut } from './read-dvc-out.ts';

/** Characters; DVC writes a few lines, and a line per file only for versioned buckets. */
const longest = 4 * 1024 ** 2;

const dependencySchema = z.looseObject({
  path: z.string().optional(),
  repo: z.looseObject({ url: z.string() }).optional(),
});
const fileSchema = z.looseObject({
  wdir: z.string().nullish(),
  deps: z.array(dependencySchema).nullish(),
  outs: z.array(dvcOutSchema).nullish(),
});

/**
 * What a `.dvc` file names, with paths relative to the repository root; `path` is where the file lies. Outs that DVC keeps
 * in git (`cache: false`) are left out; those that cannot be read from an ordinary remote come back as faults. Throws
 * `dvc-file-invalid` with every fault of the text.
 */
export function parseDvcFile(text: string, path: string): { outs: DvcOut[]; faults: DvcFault[] } {
  const file = fileSchema.safeParse(parseDvcYaml(text, path) ?? {});
  if (!file.success) throw dvcFileInvalid(path, file.error);
  const directory = posix.join(posix.dirname(path), file.data.wdir ?? '.');
  const [imported] = file.data.deps ?? [];
  const importedFrom = imported?.repo?.url ?? imported?.path;
  const outs: DvcOut[] = [];
  const faults: DvcFault[] = [];
  for (const out of file.data.outs ?? []) {
    if (out.cache === false) continue;
    const read = readDvcOut(out, { directory, file: path });
    if ('what' in read) faults.push(read);
    else outs.push(importedFrom === undefined ? read : { ...read, importedFrom });
  }
  return { outs, faults };
}

export function parseDvcYaml(text: string, path: string): unknown {
  if (text.length > longest) {
    throw new PulltrainError('dvc-file-invalid', { what: `longer than ${longest} characters`, where: path });
  }
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    const seen = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new PulltrainError('dvc-file-invalid', {
      what: 'not readable as YAML',
      where: path,
      ...(seen === undefined ? {} : { seen }),
      cure: 'Resolve what git or an editor left in it, or let DVC write it again (dvc add, dvc commit).',
    });
  }
}

export function dvcFileInvalid(path: string, error: z.ZodError): PulltrainError {
  const faults = error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
  return new PulltrainError('dvc-file-invalid', {
    what: `not what DVC writes: ${faults.join('; ')}`,
    where: path,
    cure: 'Let DVC write it again (dvc add, dvc commit).',
  });
}
