import { z } from 'zod';
import { changeSchema } from './change.ts';
import {
  gitShaSchema,
  integritySchema,
  modelNameSchema,
  repositoryPathSchema,
  sha256Schema,
  statusSchema,
  timestampSchema,
} from './common.ts';
import { comparisonSchema } from './comparison.ts';
import { dataDiffSchema } from './data-diff.ts';
import { evaluationSchema } from './evaluation.ts';
import { wearSchema } from './holdout-wear.ts';
import { parameterSchema, runRecordSchema } from './run-record.ts';
import { verdictSchema } from './verdict.ts';

/** Why a step of the judgement could not be done; any problem makes the verdict `error`. */
export const problemSchema = z.strictObject({ code: z.string(), message: z.string().max(4000) });
export type Problem = z.infer<typeof problemSchema>;

export const rungSchema = z.enum(['merge-base', 'ancestor', 'release', 'none']);
export type Rung = z.infer<typeof rungSchema>;

export const baseChoiceSchema = z.strictObject({
  rung: rungSchema.describe(
    'Which rung of the fallback ladder gave the base: the run of the merge-base, that of the nearest ancestor with one, the newest release that the merge-base contains, or none.',
  ),
  tag: z.string().nullable().describe('The release with these bytes; null when they are not released, or not yet.'),
  commit: gitShaSchema.nullable().describe('Commit of the default branch that ships it.'),
  sha256: sha256Schema.nullable(),
  pull: z.int().positive().optional().describe('The merged pull request that it was judged in.'),
  distance: z
    .int()
    .nonnegative()
    .optional()
    .describe('Commits from the merge-base back to `commit`, along first parents; absent for a release.'),
  skipped: z
    .array(z.strictObject({ rung: rungSchema, reason: z.string().max(1000) }))
    .max(20)
    .optional()
    .describe('Why a higher rung did not give the base.'),
});
export type BaseChoice = z.infer<typeof baseChoiceSchema>;

/** Rows of the holdout that also are rows of data that a model was trained on. */
export const seenRowsSchema = z.strictObject({
  model: z.enum(['head', 'base']),
  path: z.string().describe('The training data.'),
  columns: z.int().positive().describe('Columns that both tables have; all of them must be equal.'),
  rows: z.int().nonnegative().describe('Rows of the holdout that equal a training row.'),
  of: z.int().positive().describe('Rows of the holdout that were looked at.'),
  expected: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'Largest share that chance explains, by how many rows of the holdout equal each other: common rows meet again in any other sample.',
    ),
  limit: z.number().min(0).max(1),
  status: z
    .enum(['pass', 'warning', 'leak'])
    .describe('`warning` when the share is above the limit, `leak` when it is so by more than chance explains.'),
});
export type SeenRows = z.infer<typeof seenRowsSchema>;

export const parameterChangeSchema = z.strictObject({
  name: z.string(),
  base: parameterSchema.nullable(),
  head: parameterSchema.nullable(),
});
export type ParameterChange = z.infer<typeof parameterChangeSchema>;

/** A line of the pull request's own files. */
export const changedLineSchema = z.strictObject({
  kind: z.enum(['parameter', 'policy', 'gate']),
  name: z.string().describe('The parameter, the policy key, or the gate in force as a reader writes it.'),
  file: repositoryPathSchema,
  line: z.int().positive(),
});
export type ChangedLine = z.infer<typeof changedLineSchema>;

export const dataChangeSchema = z.strictObject({
  path: z.string(),
  basePath: z.string().optional().describe('Where the data of the base lies, when a parameter now names another path.'),
  base: integritySchema.nullable(),
  head: integritySchema.nullable(),
  baseRows: z.int().nonnegative().nullable(),
  headRows: z.int().nonnegative().nullable(),
  columnsAdded: z.array(z.string()),
  columnsRemoved: z.array(z.string()),
});
export type DataChange = z.infer<typeof dataChangeSchema>;

export const featureChangeSchema = z.strictObject({
  service: z
    .string()
    .max(1000)
    .describe('Feature service with its version, or the list of features that a stage joins.'),
  view: z.string(),
  base: integritySchema.nullable().describe('Definition and data of the view; null when the base does not use it.'),
  head: integritySchema.nullable(),
});
export type FeatureChange = z.infer<typeof featureChangeSchema>;

export const evaluatedSchema = z
  .strictObject({
    kind: z.literal('evaluated'),
    version: z.literal(1),
    model: modelNameSchema,
    change: changeSchema,
    policyCommit: gitShaSchema.describe(
      'Commit of the default branch whose policy, holdout and evaluator judged; a judge run that is run again keeps that of its day.',
    ),
    key: integritySchema
      .nullable()
      .describe('Key recomputed from the git tree of the pull request; null when that failed.'),
    run: runRecordSchema.nullable(),
    artifact: z
      .strictObject({ runId: z.int().positive(), name: z.string() })
      .describe('The workflow run and artifact whose bytes were judged.'),
    base: baseChoiceSchema,
    baseEvaluation: evaluationSchema.nullable(),
    headEvaluation: evaluationSchema.nullable(),
    policyChanges: z.array(z.string()).describe('Policy keys the pull request edits; shown, and not obeyed.'),
    parameterChanges: z.array(parameterChangeSchema),
    changedLines: z
      .array(changedLineSchema)
      .max(50)
      .optional()
      .describe('Where the changed parameters and policy keys stand, and the gates in force when policy is edited.'),
    dataChanges: z.array(dataChangeSchema),
    featureChanges: z
      .array(featureChangeSchema)
      .max(200)
      .optional()
      .describe('Feature views that the pull request adds, drops, or uses in another version.'),
    dataDiffs: z
      .array(dataDiffSchema)
      .max(20)
      .optional()
      .describe('What differs in the rows of the data that goes in, where both tables were at hand.'),
    lineage: z
      .enum(['reported', 'reproduced'])
      .optional()
      .describe('Whether the run was run again on the trusted side with the same result; `reported` when left out.'),
    wear: wearSchema.optional(),
    seenRows: z
      .array(seenRowsSchema)
      .max(20)
      .optional()
      .describe('Search for rows of the holdout in the training data, where both tables were at hand.'),
    warnings: z
      .array(problemSchema)
      .max(50)
      .optional()
      .describe('What a reviewer should know and what blocks nothing.'),
    problems: z.array(problemSchema),
  })
  .describe('What the evaluation hands to the report: everything known before any gate is applied.');
export type Evaluated = z.infer<typeof evaluatedSchema>;

export const judgementSchema = z
  .strictObject({
    kind: z.literal('judgement'),
    version: z.literal(1),
    model: modelNameSchema,
    evaluated: evaluatedSchema,
    comparison: comparisonSchema.nullable(),
    verdict: verdictSchema,
    judgedAt: timestampSchema,
  })
  .describe('The whole decision on one change: what the ledger keeps and every view is rendered from.');
export type Judgement = z.infer<typeof judgementSchema>;

export const runEntrySchema = z
  .strictObject({
    kind: z.literal('run-entry'),
    version: z.literal(1),
    model: modelNameSchema,
    key: integritySchema,
    sha256: sha256Schema,
    status: statusSchema,
    artifact: z.strictObject({ runId: z.int().positive(), name: z.string() }),
    evidence: z
      .strictObject({ runId: z.int().positive(), name: z.string() })
      .describe('Artifact of the judge run that holds evaluations and the reference profile.'),
    judgement: z.strictObject({ path: z.string(), integrity: integritySchema }),
    pull: z.int().positive(),
    headSha: gitShaSchema,
    recordedAt: timestampSchema,
  })
  .describe('Ledger entry `runs/<key as hex>/<head>.json`: how a finished run is found again after any kind of merge.');
export type RunEntry = z.infer<typeof runEntrySchema>;
