import { z } from 'zod';
import { jsonSchema } from '../expressions/json.ts';

const permissionsSchema = z.union([
  z.enum(['read-all', 'write-all']),
  z.record(z.string(), z.enum(['read', 'write', 'none'])),
]);

/** One entry of `steps`, its values still templates. */
export const stepSchema = z.object({
  id: z.string().optional(),
  name: jsonSchema.optional(),
  if: jsonSchema.optional(),
  run: jsonSchema.optional(),
  uses: z.string().optional(),
  with: jsonSchema.optional(),
  env: jsonSchema.optional(),
  shell: jsonSchema.optional(),
  'working-directory': jsonSchema.optional(),
  'continue-on-error': jsonSchema.optional(),
  'timeout-minutes': jsonSchema.optional(),
});
export type Step = z.infer<typeof stepSchema>;

/** One job as written; what the runner cannot do is kept, so that it can be refused by name. */
const jobSchema = z.object({
  name: jsonSchema.optional(),
  needs: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .optional()
    .transform((needs) => needs ?? []),
  if: jsonSchema.optional(),
  'runs-on': jsonSchema.optional(),
  strategy: jsonSchema.optional(),
  permissions: permissionsSchema.nullish(),
  environment: jsonSchema.optional(),
  concurrency: jsonSchema.optional(),
  outputs: jsonSchema.optional(),
  env: jsonSchema.optional(),
  defaults: jsonSchema.optional(),
  'continue-on-error': jsonSchema.optional(),
  'timeout-minutes': jsonSchema.optional(),
  steps: z.array(stepSchema).default([]),
  uses: z.string().optional(),
  container: jsonSchema.optional(),
  services: jsonSchema.optional(),
});
export type JobDefinition = z.infer<typeof jobSchema>;

export const workflowBodySchema = z.object({
  name: z.string().optional(),
  'run-name': jsonSchema.optional(),
  env: jsonSchema.optional(),
  defaults: jsonSchema.optional(),
  permissions: permissionsSchema.nullish(),
  concurrency: jsonSchema.optional(),
  jobs: z.record(z.string(), jobSchema),
});
export type WorkflowBody = z.infer<typeof workflowBodySchema>;

const texts = z.array(z.string()).optional();
/** The filters of one event under `on`. */
export const filterSchema = z.object({
  types: texts,
  branches: texts,
  'branches-ignore': texts,
  tags: texts,
  'tags-ignore': texts,
  paths: texts,
  'paths-ignore': texts,
  workflows: texts,
});
export type EventFilter = z.infer<typeof filterSchema>;

export const dispatchInputSchema = z.object({
  type: z.enum(['string', 'choice', 'boolean', 'number', 'environment']).default('string'),
  required: z.boolean().default(false),
  default: z.union([z.string(), z.boolean(), z.number()]).optional(),
  options: z.array(z.string()).optional(),
});
export type DispatchInput = z.infer<typeof dispatchInputSchema>;

export type Triggers = {
  filters: Record<string, EventFilter>;
  schedules: { cron: string; timezone: string | null }[];
  dispatchInputs: Record<string, DispatchInput>;
};

/** A fault of a workflow file, where the reader finds it. */
export type WorkflowFault = { line: number; column: number; message: string };

export type Workflow = {
  /** Path in the repository, `.github/workflows/train.yml`. */
  path: string;
  /** `name`, or the path when it has none. */
  name: string;
  triggers: Triggers;
  /** Null when the file has faults. */
  body: WorkflowBody | null;
  faults: WorkflowFault[];
};

export const runDefaultsSchema = z.object({
  run: z.object({ shell: jsonSchema.optional(), 'working-directory': jsonSchema.optional() }).optional(),
});
