import { z } from 'zod';

/**
 * What is measured in every group. Binary: from the decisions (`base_rate` to `fn_fp_ratio`) and from the scores
 * (`roc_auc` to `log_loss`; `calibration_gap` is mean score - base rate). Regression: the last six.
 */
export const fairnessMeasureSchema = z.enum([
  'base_rate',
  'selection_rate',
  'tpr',
  'fpr',
  'fnr',
  'tnr',
  'ppv',
  'npv',
  'fdr',
  'for',
  'accuracy',
  'balanced_accuracy',
  'f1',
  'fn_fp_ratio',
  'roc_auc',
  'mean_score',
  'calibration_gap',
  'ece',
  'brier',
  'log_loss',
  'mean_label',
  'mean_prediction',
  'mean_error',
  'mae',
  'rmse',
  'r2',
]);
export type FairnessMeasure = z.infer<typeof fairnessMeasureSchema>;

/** A value that is undefined (nothing to divide by) is null, never 0; so is the end of an interval that cannot be told. */
const bounded = { value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() };

/** A number with its two-sided interval; the coverage stands in the document. */
export const boundedSchema = z.strictObject(bounded);
export type Bounded = z.infer<typeof boundedSchema>;

export const fairnessValueSchema = z.strictObject({
  ...bounded,
  n: z.int().nonnegative().describe('Rows that the value is taken over, e.g. the positives of a true positive rate.'),
  base: z.number().nullable().optional().describe('The same of the base model; absent without one.'),
  change: boundedSchema.optional().describe('Head - base, paired row by row; absent without a base.'),
});
export type FairnessValue = z.infer<typeof fairnessValueSchema>;

const measures = z.partialRecord(fairnessMeasureSchema, fairnessValueSchema);
export type FairnessMeasures = z.infer<typeof measures>;

/** Values of the columns that make a group, in their order; null where the value is missing. */
export const fairnessGroupSchema = z.strictObject({
  group: z.string().describe('Name that no other group of the attribute has.'),
  values: z.array(z.string().nullable()),
  n: z.int().nonnegative().describe('Rows with a label and a decision.'),
  share: z.number().min(0).max(1).describe('Of all such rows.'),
  leftOut: z.int().nonnegative().describe('Rows of the group without a label, decision or score.'),
  measures,
});
export type FairnessGroup = z.infer<typeof fairnessGroupSchema>;

const endSchema = z.strictObject({ group: z.string(), value: z.number() });
export type FairnessEnd = z.infer<typeof endSchema>;

/** Differences are largest - smallest; ratios smallest / largest, null for measures that may be negative or all are 0. */
const spread = {
  lowest: endSchema.nullable(),
  highest: endSchema.nullable(),
  difference: z.number().nullable(),
  ratio: z.number().nullable(),
};

export const overallSpreadSchema = z.strictObject({
  difference: z.number().nullable().describe('Largest distance of a group from the value of all rows.'),
  ratio: z.number().nullable().describe('Smallest ratio of a group and all rows, the smaller over the larger.'),
  group: z.string().nullable().describe('The group with that distance.'),
});

/** How far the groups of one attribute lie apart in one measure. */
export const disparitySchema = z.strictObject({
  measure: fairnessMeasureSchema,
  groups: z
    .int()
    .nonnegative()
    .describe('How many are large enough to judge; all numbers but `everyGroup` are theirs.'),
  lowest: endSchema.nullable(),
  highest: endSchema.nullable(),
  difference: boundedSchema,
  ratio: boundedSchema,
  toOverall: overallSpreadSchema,
  chance: z
    .strictObject({
      difference: z.number().nonnegative().describe('Mean difference if all groups were alike, for their sizes.'),
      p: z.number().min(0).max(1).describe('How often chance alone gives a difference as large; by simulation.'),
    })
    .nullable()
    .describe('A largest difference is never 0 by chance, and grows with the number of groups.'),
  everyGroup: z
    .strictObject({ ...spread, toOverall: overallSpreadSchema })
    .describe('The same with every group for which the measure is defined, however small.'),
  base: z
    .strictObject({ difference: z.number().nullable(), ratio: z.number().nullable() })
    .optional()
    .describe('Of the base model, over the same groups; absent without one.'),
  change: z
    .strictObject({ difference: boundedSchema, ratio: boundedSchema })
    .optional()
    .describe('Head - base, from a bootstrap that draws the same rows for both.'),
  tooSmall: z.array(z.string()).describe('Groups with fewer rows to divide by than asked for.'),
  undefined: z.array(z.string()).describe('Groups with nothing to divide by.'),
});
export type Disparity = z.infer<typeof disparitySchema>;

export const fairnessCriterionNameSchema = z.enum([
  'demographic_parity',
  'equalised_odds',
  'equal_opportunity',
  'predictive_parity',
  'predictive_value_parity',
  'accuracy_equality',
  'treatment_equality',
  'calibration',
]);
export type FairnessCriterionName = z.infer<typeof fairnessCriterionNameSchema>;

/** One idea of fairness: the widest of its measures decides. */
export const fairnessCriterionSchema = z.strictObject({
  name: fairnessCriterionNameSchema,
  measures: z.array(fairnessMeasureSchema),
  measure: fairnessMeasureSchema.nullable().describe('The one with the widest difference.'),
  lowest: endSchema.nullable(),
  highest: endSchema.nullable(),
  difference: boundedSchema.describe('The largest of its measures.'),
  meanDifference: z.number().nullable().describe('The mean of its measures.'),
  ratio: boundedSchema.describe('The smallest of its measures.'),
  everyGroup: z.strictObject({
    difference: z.number().nullable(),
    meanDifference: z.number().nullable(),
    ratio: z.number().nullable(),
  }),
  base: z.strictObject({ difference: z.number().nullable(), ratio: z.number().nullable() }).optional(),
  change: z.strictObject({ difference: boundedSchema, ratio: boundedSchema }).optional(),
});
export type FairnessCriterion = z.infer<typeof fairnessCriterionSchema>;

/** The selection-rate heuristic of 29 CFR 1607.4(D), United States employment: a pointer, no verdict. */
export const fourFifthsSchema = z.strictObject({
  ratio: z.number().nullable().describe('Smallest rate of the favourable decision over the largest.'),
  lowest: endSchema.nullable(),
  highest: endSchema.nullable(),
  below: z.boolean().nullable().describe('Under 0.8.'),
  p: z.number().min(0).max(1).nullable().describe("Fisher's exact test of those two groups."),
  leftOut: z.array(z.string()).describe('Groups of less than 2 % of the rows, which the guideline leaves out.'),
});
export type FourFifths = z.infer<typeof fourFifthsSchema>;

/** Each group against the reference or against all other rows, for one measure: one question, one family of tests. */
export const fairnessTestSchema = z.strictObject({
  measure: fairnessMeasureSchema,
  reference: z.string().nullable().describe('The group all others are held against; null: the rows of all others.'),
  method: z.string(),
  groups: z.array(
    z.strictObject({
      group: z.string(),
      difference: boundedSchema,
      ratio: boundedSchema,
      p: z.number().min(0).max(1).nullable(),
      holm: z.number().min(0).max(1).nullable().describe('p adjusted for the number of groups (Holm).'),
      bh: z.number().min(0).max(1).nullable().describe('p adjusted by Benjamini and Hochberg.'),
    }),
  ),
});
export type FairnessTest = z.infer<typeof fairnessTestSchema>;

export const fairnessAttributeSchema = z.strictObject({
  by: z.string().describe('A column, or several joined by `*`.'),
  columns: z.array(z.string()).min(1),
  groups: z.array(fairnessGroupSchema),
  disparities: z.array(disparitySchema),
  criteria: z.array(fairnessCriterionSchema),
  fourFifths: fourFifthsSchema.nullable(),
  tests: z.array(fairnessTestSchema),
  small: z.array(z.string()).describe('Groups with fewer rows than are asked for.'),
});
export type FairnessAttribute = z.infer<typeof fairnessAttributeSchema>;

const part = { overall: measures, attributes: z.array(fairnessAttributeSchema) };

export const fairnessSchema = z
  .strictObject({
    kind: z.literal('fairness'),
    version: z.literal(1),
    task: z.enum(['binary', 'multiclass', 'regression']),
    data: z.string().describe('Name of the table.'),
    rows: z.int().nonnegative().describe('Rows with a label and a decision.'),
    leftOut: z.array(z.strictObject({ reason: z.string(), rows: z.int().positive() })),
    label: z.string(),
    prediction: z.string().nullable(),
    score: z.string().nullable(),
    decision: z.string().describe('What counts as selected, in words.'),
    positive: z.string().nullable().describe('Value of the label that counts as positive; null for a regression.'),
    threshold: z
      .number()
      .nullable()
      .describe('Score from which on a row is selected; null where decisions were given.'),
    favourable: z
      .enum(['selected', 'not selected'])
      .nullable()
      .describe('Which decision is good for the one it is about; null when nobody said.'),
    probabilities: z.boolean().describe('Whether all scores lie in 0..1; calibration is measured only then.'),
    base: z.string().nullable().describe('What the change is counted from; null without one.'),
    level: z.number().gt(0).lt(1).describe('Coverage of every interval.'),
    minGroup: z.int().positive().describe('Groups with fewer rows to divide by are listed and not judged.'),
    seed: z.int().nonnegative(),
    resamples: z.int().nonnegative(),
    notes: z.array(z.string()),
    ...part,
    controls: z
      .array(z.strictObject({ column: z.string(), value: z.string().nullable(), rows: z.int().nonnegative(), ...part }))
      .optional()
      .describe('The same within each value of a control column.'),
    classes: z
      .array(z.strictObject({ class: z.string(), ...part }))
      .optional()
      .describe('Of several classes, each against all others.'),
  })
  .describe('How a model treats groups: rates of every group, and how far the groups lie apart.');
export type Fairness = z.infer<typeof fairnessSchema>;

/** The same inside a comparison, about the protected columns of one model on its holdout. */
export const groupFairnessSchema = z.strictObject({
  threshold: z.number().nullable(),
  level: z.number().gt(0).lt(1),
  minGroup: z.int().positive(),
  ...part,
});
export type GroupFairness = z.infer<typeof groupFairnessSchema>;
