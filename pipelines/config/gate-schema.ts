import { z } from 'zod';
import { gapNameSchema } from '../contracts/comparison.ts';
import { metricNameSchema } from '../contracts/evaluation.ts';

const informational = z.boolean().default(false).describe('Shown in the report, never blocking.');
const gateMetric = metricNameSchema.describe('Metric on the holdout.');
const minRows = z
  .int()
  .positive()
  .default(100)
  .describe('Slices with fewer rows are listed and not judged; nothing without `slice`, `slices` or `by`.');
const share = z.string().regex(/^\d+(\.\d+)?%$/, 'expected a number or a percentage, e.g. 0.01 or 5%');
/** A number, or a share of the base's value: `5%`. */
const amount = z.union([z.number().nonnegative(), share]);
/** Which rows a metric is taken over: all of them, one slice, or every slice of some columns. */
const where = {
  slice: z
    .record(z.string(), z.string())
    .refine((slice) => Object.keys(slice).length > 0, 'expected a column and its value, e.g. { region: east }')
    .optional()
    .describe('One slice: a column and its value, or several that hold at once; columns of `slices` or `protected`.'),
  slices: z
    .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('Every slice of these columns, or of `all` columns of `slices` and `protected`; each must pass.'),
  min_rows: minRows,
  informational,
};

const metricGates = [
  z
    .strictObject({
      metric: gateMetric,
      noninferior: z
        .number()
        .positive()
        .describe('How much worse than the base the candidate may be at most, judged by the end of the interval.'),
      ...where,
    })
    .describe('Not worse than the base by more than a margin.'),
  z
    .strictObject({
      metric: gateMetric,
      superior: z
        .number()
        .nonnegative()
        .describe('How much better than the base the candidate must be at least, judged by the end of the interval.'),
      ...where,
    })
    .describe('Better than the base by more than a margin.'),
  z
    .strictObject({
      metric: gateMetric,
      max_drop: amount.describe(
        'How much worse than the base the value may be at most, whichever way is worse; a number, or a percentage of the value of the base.',
      ),
      ...where,
    })
    .describe('A value that is not far worse than that of the base.'),
  z
    .strictObject({ metric: gateMetric, min: z.number().describe('Least value of the metric.'), ...where })
    .describe('A metric that must be high enough.'),
  z
    .strictObject({ metric: gateMetric, max: z.number().describe('Largest value of the metric.'), ...where })
    .describe('A metric that must be low enough.'),
] as const;

const groups = {
  by: z.string().describe('Column whose values are the groups, or columns joined by `*`; one of `protected`.'),
  min_group: z.int().positive().default(100).describe('Groups with a smaller denominator are listed and not judged.'),
  informational,
};
const gap = {
  fairness: gapNameSchema.describe(
    'Difference between the largest and the smallest rate of the groups; `equalised_odds` is the larger one of `tpr_gap` and `fpr_gap`.',
  ),
  ...groups,
};
const fairnessGates = [
  z
    .strictObject({ ...gap, max: z.number().min(0).max(1).describe('Largest gap.') })
    .describe('A gap between groups that must be small enough.'),
  z
    .strictObject({
      ...gap,
      noninferior: z
        .number()
        .positive()
        .max(1)
        .describe('How much wider than that of the base the gap may be at most, judged by the end of the interval.'),
    })
    .describe('A gap between groups that is not wider than that of the base by more than a margin.'),
  z
    .strictObject({
      fairness: z
        .literal('selection_ratio')
        .describe('Smallest selection rate of the groups over the largest; 0.8 is the four-fifths heuristic.'),
      ...groups,
      min: z.number().gt(0).max(1).describe('Least ratio.'),
    })
    .describe('Selection rates of groups that are near enough to each other, as a ratio.'),
] as const;

const calibrationGate = z
  .strictObject({
    calibration: z
      .enum(['ece', 'mean'])
      .describe(
        'Expected calibration error in 15 bins of equal width, or how far the mean score lies from the mean label; small groups have a large `ece` by chance, `mean` is fair to them.',
      ),
    max: z.number().min(0).describe('Largest error.'),
    by: z.string().optional().describe('Column of `slices` or `protected`: each of its groups must hold.'),
    min_rows: minRows,
    informational,
  })
  .describe('Scores that mean what they say.');

const cost = {
  cost: z
    .enum(['latency_p50_ms', 'latency_p95_ms', 'size_mb', 'load_ms', 'memory_mb'])
    .describe(
      'Median or 95th percentile of a single-row call in milliseconds, model file in megabytes, loading time in milliseconds, or memory in megabytes.',
    ),
  informational,
};
const costGates = [
  z
    .strictObject({ ...cost, max: z.number().positive().describe('Largest cost.') })
    .describe('A cost of serving that must be low enough.'),
  z
    .strictObject({
      ...cost,
      max_rise: amount.describe(
        'How much more than the base it may cost, in the same job; a number, or a percentage of the cost of the base.',
      ),
    })
    .describe('A cost of serving that is not far above that of the base.'),
] as const;

const probe = {
  robustness: z
    .enum(['missing', 'out_of_range', 'unseen', 'noise', 'garbage', 'any'])
    .describe(
      'What is done to one input after the other: left out, far out of its range, a value that was never seen, a little noise, or nonsense; or any of it.',
    ),
  informational,
};
const robustnessGates = [
  z
    .strictObject({
      ...probe,
      max_failures: z
        .int()
        .nonnegative()
        .describe('How often the model may fail at most: no answer, or none that is a finite number in its range.'),
    })
    .describe('A model that answers whatever it is asked.'),
  z
    .strictObject({
      ...probe,
      max_changed: z.number().min(0).max(1).describe('Largest share of rows that may be decided otherwise.'),
    })
    .describe('Decisions that stand when an input is not what it should be.'),
  z
    .strictObject({
      ...probe,
      max_drop: z.number().nonnegative().describe('How much worse the primary metric may be at most.'),
    })
    .describe('Quality that stands when an input is not what it should be.'),
] as const;

const dataGate = z
  .strictObject({
    data: z.enum(['errors', 'warnings']).describe('What `data.validate` found before training.'),
    max: z.int().nonnegative().default(0).describe('How many there may be in all tables together.'),
    informational,
  })
  .describe('Training data that is what its schema says.');

const driftGate = z
  .strictObject({
    drift: z
      .enum(['distance', 'missing'])
      .describe(
        "Greatest difference of a column's distribution functions (of texts: of its shares), or of its share of missing values, between the training data of base and candidate.",
      ),
    max: z.number().min(0).max(1).describe('Largest difference in any column.'),
    columns: z.array(z.string().min(1)).min(1).optional().describe('Only these columns.'),
    informational,
  })
  .describe('Training data that is not far from that of the base.');

const reproducibilityGate = z
  .strictObject({
    reproducibility: z
      .enum(['clean', 'key', 'reproduced'])
      .describe(
        'Trained from a checkout without uncommitted changes; made from exactly the inputs that git holds; or run again on the trusted side with the same result.',
      ),
    informational,
  })
  .describe('A run that can be told apart and repeated.');

const provenanceGates = [
  z
    .strictObject({
      provenance: z
        .array(z.enum(['source', 'licence']))
        .min(1)
        .describe('What the pointer of every dataset that goes in must say.'),
      informational,
    })
    .describe('Training data whose origin is known.'),
  z
    .strictObject({
      licences: z
        .array(z.string().min(1))
        .min(1)
        .describe('Licences that training data may have, as their pointers write them; a dataset without one fails.'),
      informational,
    })
    .describe('Training data under a licence that is allowed.'),
] as const;

export const gateSchema = z.union([
  ...metricGates,
  ...fairnessGates,
  calibrationGate,
  ...costGates,
  ...robustnessGates,
  dataGate,
  driftGate,
  reproducibilityGate,
  ...provenanceGates,
]);
export type Gate = z.infer<typeof gateSchema>;
