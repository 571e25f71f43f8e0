import posix from 'node:path/posix';
import { z } from 'zod';
import { repositoryPathSchema } from '../../contracts/common.ts';
import type { DvcOut } from './dvc-out.ts';

/** Why data that DVC knows cannot be had here. */
export type DvcFault = { path: string; file: string; what: string; cure: string };

const digest = z
  .string()
  .regex(/^[0-9a-f]{32}(\.dir)?$/, 'expected an MD5 digest, 32 hex digits, with ".dir" for a directory');

/** An entry of `outs` as `.dvc` files and `dvc.lock` have it. */
export const dvcOutSchema = z.looseObject({
  path: z.string().min(1),
  md5: digest.nullish(),
  hash: z.string().nullish(),
  size: z.int().nonnegative().nullish(),
  isexec: z.boolean().nullish(),
  cache: z.boolean().nullish(),
  remote: z.string().nullish(),
  cloud: z.unknown().optional(),
  files: z.unknown().optional(),
});

/** One entry, with its path resolved against `directory`, or why it cannot be had. */
export function readDvcOut(
  out: z.infer<typeof dvcOutSchema>,
  { directory, file }: { directory: string; file: string },
): DvcOut | DvcFault {
  const fault = (what: string, cure: string): DvcFault => ({ path: out.path, file, what, cure });
  if (out.path.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//i.test(out.path)) {
    return fault('the data lies outside of the repository', 'Bring it with "dvc pull".');
  }
  const path = posix.normalize(posix.join(directory, out.path)).replace(/\/$/, '');
  if (!repositoryPathSchema.safeParse(path).success) {
    return fault('the path leaves the repository', 'Correct it in the file.');
  }
  if (out.cloud !== undefined || out.files !== undefined) {
    return fault('it is kept by the versions of a cloud bucket', 'Bring it with "dvc pull".');
  }
  if (typeof out.md5 !== 'string') {
    return fault('no MD5 digest is noted', 'Let DVC note it: "dvc commit", or "dvc update" for an import.');
  }
  if (out.hash !== undefined && out.hash !== null && out.hash !== 'md5') {
    return fault(`the hash "${out.hash}" is not known here`, 'Bring it with "dvc pull".');
  }
  return {
    path,
    file,
    digest: {
      md5: out.md5.slice(0, 32),
      isDirectory: out.md5.endsWith('.dir'),
      isLegacy: out.hash !== 'md5',
    },
    ...(typeof out.size === 'number' ? { size: out.size } : {}),
    isExecutable: out.isexec === true,
    ...(typeof out.remote === 'string' ? { remote: out.remote } : {}),
  };
}
