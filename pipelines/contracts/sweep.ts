import { z } from 'zod';
import {
  gitShaSchema,
  integritySchema,
  intervalSchema,
  modelNameSchema,
  sha256Schema,
  timestampSchema,
} from './common.ts';
import { parameterSchema } from './run-record.ts';

/** A GitHub matrix has no more jobs than this. */
export const mostTrials = 256;

/** `<pull request>-<comment>` for one that was asked for there, 12 hex digits for one on a laptop. */
export const sweepIdSchema = z
  .string()
  .regex(/^([1-9]\d{0,9}-[1-9]\d{0,19}|[0-9a-f]{12})$/, 'expected the id of a sweep');

const parameterNameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\s=,`]+$/, 'expected a dotted name without spaces')
  .describe('Dotted name in `params.yaml`, or `<file>:<name>`.');

export const dimensionSchema = z.union([
  z.strictObject({ name: parameterNameSchema, values: z.array(parameterSchema).min(1).max(mostTrials) }),
  z.strictObject({
    name: parameterNameSchema,
    low: z.number(),
    high: z.number(),
    step: z.number().positive().nullable().describe('Null for every number between, or every whole one.'),
    scale: z.enum(['linear', 'log']),
    whole: z.boolean().describe('Whole numbers only.'),
  }),
]);
export type Dimension = z.infer<typeof dimensionSchema>;

export const halvingSchema = z.strictObject({
  parameter: parameterNameSchema.describe('What a trial gets more of in every rung, such as trees or epochs.'),
  from: z.number().positive(),
  to: z.number().positive(),
  keep: z.int().min(2).max(10).describe('One of so many goes on to the next rung, with so many times as much.'),
});
export type Halving = z.infer<typeof halvingSchema>;

export const sweepPlanSchema = z
  .strictObject({
    kind: z.literal('sweep-plan'),
    version: z.literal(1),
    model: modelNameSchema,
    commit: gitShaSchema.describe('Commit whose code and data every trial has.'),
    method: z.enum(['grid', 'random', 'halving']),
    space: z.array(dimensionSchema).min(1).max(50),
    trials: z.int().min(1).max(mostTrials).nullable().describe('How many are drawn; null for the whole grid.'),
    seed: z.int().nonnegative(),
    halving: halvingSchema.nullable(),
    metric: z.strictObject({
      name: z.string().min(1).max(200),
      goal: z.enum(['higher', 'lower']),
      reported: z
        .string()
        .max(200)
        .nullable()
        .describe(
          'Metric of the training program that stands in when nothing is verified; null for the one of that name.',
        ),
    }),
    pull: z
      .strictObject({
        number: z.int().positive(),
        headRef: z.string(),
        issuedBy: z.string(),
        comment: z.int().positive(),
      })
      .nullable()
      .describe('Where it was asked for; null on a laptop.'),
  })
  .describe('A sweep before anything runs: with the results of its rungs it says which trials there are.');
export type SweepPlan = z.infer<typeof sweepPlanSchema>;

export const trialSchema = z.strictObject({
  number: z.int().positive(),
  parameters: z.record(parameterNameSchema, parameterSchema),
});
export type Trial = z.infer<typeof trialSchema>;

export const rankedTrialSchema = trialSchema.extend({
  status: z
    .enum(['ranked', 'failed', 'refused', 'missing'])
    .describe(
      '`failed` in training, `refused` when what came back is not what was asked for, `missing` when nothing came.',
    ),
  value: z.number().nullable(),
  interval: intervalSchema.nullable().describe('Null for values that the training program reported.'),
  rank: z.int().positive().nullable().describe('1 is best; null without a value.'),
  sha256: sha256Schema.nullable(),
  key: integritySchema.nullable(),
  note: z.string().max(1000).describe('Why it has no rank.'),
});
export type RankedTrial = z.infer<typeof rankedTrialSchema>;

export const sweepResultSchema = z
  .strictObject({
    kind: z.literal('sweep-result'),
    version: z.literal(1),
    sweep: sweepIdSchema,
    plan: integritySchema.describe('Integrity of the plan.'),
    model: modelNameSchema,
    rung: z.int().positive(),
    rungs: z.int().positive(),
    basis: z
      .enum(['verified', 'reported'])
      .describe(
        '`verified`: measured by us on validation rows that no training job can read. `reported`: told by the training programs.',
      ),
    metric: z.string(),
    goal: z.enum(['higher', 'lower']),
    trials: z.array(rankedTrialSchema).max(mostTrials),
    winner: z.int().positive().nullable().describe('Number of the best trial of the last rung.'),
    rule: z.string().max(500).describe('How the winner was picked.'),
    rankedAt: timestampSchema,
  })
  .describe('What became of the trials of one rung of a sweep, best first.');
export type SweepResult = z.infer<typeof sweepResultSchema>;
