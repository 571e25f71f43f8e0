import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Actions whose equivalents this runner carries, with their programs. */
export const carriedActions: Readonly<Record<string, readonly string[]>> = {
  checkout: ['main', 'post'],
  'upload-artifact': ['main'],
  'download-artifact': ['main'],
  'setup-node': ['main'],
};

/**
 * Puts the carried actions into a folder as GitHub's runner unpacks those it downloads: each program one file, which starts in half the
 * time that its modules take.
 */
export async function unpackCarriedActions(folder: string): Promise<void> {
  const source = fileURLToPath(new URL('actions', import.meta.url));
  const names = Object.keys(carriedActions);
  await Promise.all(
    names.map(async (name) => {
      await mkdir(join(folder, name), { recursive: true });
      await copyFile(join(source, name, 'action.yml'), join(folder, name, 'action.yml'));
    }),
  );
  await build({
    entryPoints: Object.entries(carriedActions).flatMap(([name, programs]) =>
      programs.map((program) => ({ in: join(source, name, `${program}.ts`), out: join(name, program) })),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'warning',
  });
}
