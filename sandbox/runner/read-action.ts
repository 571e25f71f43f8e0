import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { PulltrainError } from '../../pipelines/errors.ts';
import { jsonSchema } from '../workflows/expressions/json.ts';
import { stepSchema } from '../workflows/model/workflow.ts';

const nodeSchema = z.object({
  using: z.enum(['node20', 'node24']),
  main: z.string(),
  pre: z.string().optional(),
  'pre-if': z.string().default('always()'),
  post: z.string().optional(),
  'post-if': z.string().default('always()'),
});
const compositeSchema = z.object({ using: z.literal('composite'), steps: z.array(stepSchema) });

const actionSchema = z.object({
  name: z.string(),
  inputs: z
    .record(
      z.string(),
      z
        .object({
          required: z.boolean().optional(),
          default: jsonSchema.optional(),
          deprecationMessage: z.string().optional(),
        })
        .nullable(),
    )
    .nullish()
    .transform((inputs) => inputs ?? {}),
  outputs: z
    .record(z.string(), z.object({ value: jsonSchema.optional() }).nullable())
    .nullish()
    .transform((outputs) => outputs ?? {}),
  runs: z.discriminatedUnion('using', [nodeSchema, compositeSchema]),
});
export type ActionManifest = z.infer<typeof actionSchema>;

/** The manifest in a folder, `action.yml` or `action.yaml`. Throws `action-missing` or `action-invalid`. */
export function readAction(folder: string, uses: string): ActionManifest {
  const file = ['action.yml', 'action.yaml'].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined)
    throw new PulltrainError('action-missing', {
      what: "can't find 'action.yml' or 'action.yaml'",
      where: uses,
      seen: folder,
      cure: uses.startsWith('./')
        ? 'Did you forget to run actions/checkout before your local action?'
        : 'Check the path behind the repository.',
    });
  const parsed = actionSchema.safeParse(parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new PulltrainError('action-invalid', {
    what: `the action cannot run here: ${z.prettifyError(parsed.error)}`,
    where: uses,
    allowed: 'runs.using node20, node24 or composite',
  });
}
