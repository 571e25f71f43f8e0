import { z } from 'zod';
import { PulltrainError } from '../../errors.ts';

/** A file of a directory; `path` is relative to the directory. */
export type DvcEntry = { path: string; md5: string; isExecutable: boolean };

const entrySchema = z.looseObject({
  md5: z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits'),
  relpath: z.string().refine(isInside, 'expected a path inside the directory'),
  isexec: z.boolean().optional(),
});

/** Faults of one listing that are told. */
const most = 10;

/** The files of a `.dir` object. Throws `dvc-directory-invalid` for paths that lead out, and for two files in one place. */
export function parseDvcDirectory(text: string, where: string): DvcEntry[] {
  const listing = z.array(entrySchema).safeParse(parseJson(text, where));
  if (!listing.success) {
    const faults = listing.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw invalid(where, faults);
  }
  const entries = listing.data.map(({ md5, relpath, isexec }) => ({
    path: relpath,
    md5,
    isExecutable: isexec === true,
  }));
  const files = new Set<string>();
  const faults: string[] = [];
  for (const { path } of entries) {
    if (files.has(path)) faults.push(`${JSON.stringify(path)} stands there twice`);
    files.add(path);
  }
  for (const { path } of entries) {
    const folder = foldersOf(path).find((one) => files.has(one));
    if (folder !== undefined) faults.push(`${JSON.stringify(folder)} is a file and a folder`);
  }
  if (faults.length > 0) throw invalid(where, faults);
  return entries;
}

function invalid(where: string, faults: readonly string[]): PulltrainError {
  const rest = faults.length > most ? `; and ${faults.length - most} more` : '';
  return new PulltrainError('dvc-directory-invalid', {
    what: `not the listing of a directory: ${faults.slice(0, most).join('; ')}${rest}`,
    where,
    cure: 'Add the directory again where it is whole (dvc add, dvc push).',
  });
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(where, ['it is not JSON']);
  }
}

function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function isInside(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
