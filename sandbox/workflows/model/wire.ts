import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../expressions/json.ts';
import { stepSchema } from './workflow.ts';

/**
 * The private protocol between the engine and a runner process: JSON lines over one upgraded HTTP connection on
 * loopback, opened by the runner with a bearer token. Either side closing it ends the session.
 */
export const runnerProtocol = 'pulltrain-runner';

const jobMessageSchema = z.object({
  id: z.number(),
  runId: z.number(),
  key: z.string(),
  name: z.string(),
  workflowPath: z.string(),
  steps: z.array(stepSchema),
  /** `env` of the workflow, then of the job. */
  env: z.array(jsonSchema),
  /** `defaults.run` of the workflow, then of the job. */
  defaults: z.array(jsonSchema),
  outputs: jsonSchema,
  /** Template of `environment.url`, evaluated when the steps are done. */
  environmentUrl: z.string().nullable(),
  timeoutMinutes: z.number(),
  permissions: z.record(z.string(), z.string()),
  contexts: z.object({
    github: jsonObjectSchema,
    needs: jsonObjectSchema,
    matrix: jsonSchema,
    strategy: jsonObjectSchema,
    inputs: jsonObjectSchema,
    vars: jsonObjectSchema,
    secrets: jsonObjectSchema,
  }),
  /** Where this job's actions hand over artifacts, and the token for it. */
  runtime: z.object({ url: z.string(), token: z.string() }),
});
export type JobMessage = z.infer<typeof jobMessageSchema>;

const stepRecordSchema = z.object({
  number: z.number(),
  name: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed']),
  conclusion: z.string().nullable(),
  startedAt: z.string().nullable(),
  completedAt: z.string().nullable(),
});

const annotationSchema = z.object({
  level: z.enum(['failure', 'warning', 'notice']),
  message: z.string(),
  title: z.string(),
  path: z.string(),
  startLine: z.number(),
  endLine: z.number(),
});

export const fromRunnerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('register'), name: z.string(), labels: z.array(z.string()), os: z.string() }),
  z.object({ kind: z.literal('log'), job: z.number(), step: z.number(), at: z.string(), text: z.string() }),
  z.object({ kind: z.literal('step'), job: z.number(), step: stepRecordSchema }),
  z.object({ kind: z.literal('annotation'), job: z.number(), annotation: annotationSchema }),
  z.object({ kind: z.literal('summary'), job: z.number(), step: z.number(), text: z.string() }),
  z.object({
    kind: z.literal('complete'),
    job: z.number(),
    conclusion: z.enum(['success', 'failure', 'cancelled']),
    outputs: z.record(z.string(), z.string()),
    environmentUrl: z.string().nullable(),
  }),
]);
export type FromRunner = z.infer<typeof fromRunnerSchema>;

export const toRunnerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('registered'), runner: z.number() }),
  z.object({ kind: z.literal('job'), job: jobMessageSchema }),
  z.object({ kind: z.literal('cancel'), job: z.number() }),
]);
export type ToRunner = z.infer<typeof toRunnerSchema>;
