import { z } from 'zod';
import { modelNameSchema } from './common.ts';
import { parameterSchema } from './run-record.ts';

export const retrainRequestSchema = z
  .strictObject({
    kind: z.literal('retrain-request'),
    version: z.literal(1),
    model: modelNameSchema,
    reason: z.enum(['drift', 'command']),
    issue: z.int().positive(),
    requestedBy: z.string(),
    branch: z.string(),
    title: z.string(),
    parameters: z.record(z.string(), parameterSchema).describe('Dotted parameter name to its new value.'),
  })
  .describe('What a retraining pull request will change and why; pure plan, applied by the bot.');
export type RetrainRequest = z.infer<typeof retrainRequestSchema>;
