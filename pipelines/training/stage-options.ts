import { z } from 'zod';
import { durationSchema } from '../config/schema.ts';
import { repositoryPathSchema } from '../contracts/common.ts';

/** When a stage is asked to stop before it ends by itself, by the progress it reports. */
const stopRuleSchema = z.strictObject({
  metric: z.string().min(1).max(200).describe('Name in the progress lines, e.g. `validation_loss`.'),
  patience: z
    .int()
    .positive()
    .max(100_000)
    .describe('Reports without a better value after which the stage is asked to stop.'),
  direction: z.enum(['min', 'max']).default('min').describe('Which way is better.'),
  min_delta: z.number().nonnegative().default(0).describe('Least change that counts as better.'),
  grace: durationSchema.default('1m').describe('Time to save the best model after being asked, before SIGTERM.'),
});

/** `meta.pulltrain` of a stage: `meta` is the place that DVC leaves to others. */
export const stageOptionsSchema = z.strictObject({
  checkpoint: repositoryPathSchema
    .optional()
    .describe('Folder, relative to where the stage runs, from which a killed job goes on.'),
  stop: stopRuleSchema.optional().describe('Over-fitting rule.'),
  non_finite: z
    .enum(['fail', 'ignore'])
    .default('fail')
    .describe('What a reported loss that is not a finite number does to the stage.'),
});
export type StageOptions = z.infer<typeof stageOptionsSchema>;
