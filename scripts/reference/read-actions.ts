import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const actionShape = z.object({
  name: z.string(),
  description: z.string(),
  inputs: z
    .record(
      z.string(),
      z.object({
        description: z.string(),
        required: z.boolean().default(false),
        default: z.union([z.string(), z.number(), z.boolean()]).optional(),
      }),
    )
    .default({}),
  outputs: z.record(z.string(), z.object({ description: z.string() })).default({}),
  runs: z.object({ using: z.string(), main: z.string() }),
});

/** An action as its manifest declares it; `folder` is relative to the repository, empty for the root action. */
export type Action = z.infer<typeof actionShape> & { folder: string };

/** The root action and those in `actions/`, sorted by folder. */
export function readActions(root: string): Action[] {
  const folders = ['', ...readdirSync(join(root, 'actions')).map((name) => `actions/${name}`)].sort();
  return folders
    .map((folder) => ({ folder, file: join(root, folder, 'action.yml') }))
    .filter(({ file }) => existsSync(file))
    .map(({ folder, file }) => ({ folder, ...actionShape.parse(parse(readFileSync(file, 'utf8'))) }));
}
