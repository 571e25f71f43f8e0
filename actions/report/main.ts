import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { compareEvaluations } from '../../pipelines/comparison/compare-evaluations.ts';
import { readPredictions } from '../../pipelines/comparison/read-predictions.ts';
import { groupColumns } from '../../pipelines/config/group-columns.ts';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { Comparison } from '../../pipelines/contracts/comparison.ts';
import { type Evaluated, evaluatedSchema, type Judgement } from '../../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { applyGates } from '../../pipelines/gates/apply-gates.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import { widenComparison } from '../../pipelines/wear/widen-comparison.ts';
import type { Links } from '../../reports/links.ts';
import { renderComment } from '../../reports/render-comment.ts';
import type { PageDrawer } from './start-page.ts';

export type ReportRequest = {
  model: string;
  /** Null when the configuration in force has faults: the evaluation has been reported as an error. */
  policy: ModelConfig | null;
  /** What `actions/evaluate` handed over. */
  directory: string;
  temporary: string;
  /** Address of the repository's workflow runs, and this run. */
  runs: string;
  runId: number;
};

export type ReportPorts = { clock: Clock; startPage(evaluated: string): PageDrawer };

/** What came of it; `page` is null when it could not be drawn, for the reason told. */
export type Reported = {
  directory: string;
  judgement: Judgement;
  links: Links;
  page: { file: string } | { file: null; reason: string };
};

/** Journey "experiment", third step: evaluations -> comparison -> gates -> verdict -> report. */
export async function main(request: ReportRequest, { clock, startPage }: ReportPorts): Promise<Reported> {
  const drawer = startPage(join(request.directory, 'evaluated.json'));
  try {
    const reported = await decide(request, clock);
    return { ...reported, page: await drawPage(drawer, request, reported) };
  } finally {
    drawer.stop();
  }
}

/** A reader of the comment does without pictures rather than without a judgement. */
async function drawPage(
  drawer: PageDrawer,
  { temporary, runId, model }: ReportRequest,
  { directory, links }: Omit<Reported, 'page'>,
): Promise<Reported['page']> {
  const folder = join(temporary, `pulltrain-page-${runId}-${model}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'report.html');
  const fault = await drawer.draw({ judgement: join(directory, 'judgement.json'), page: file, links });
  return fault === null ? { file } : { file: null, reason: fault };
}

async function decide(request: ReportRequest, clock: Clock): Promise<Omit<Reported, 'page'>> {
  const { model, policy, directory: from, temporary, runs, runId } = request;
  const evaluated = await readEvaluated(from, model);
  const comparison = policy === null ? null : await compare(evaluated, policy, from);
  const judgement: Judgement = {
    kind: 'judgement',
    version: 1,
    model,
    evaluated,
    comparison,
    verdict: applyGates(model, policy ?? { gates: [], strict: false }, {
      comparison,
      evaluation: evaluated.headEvaluation,
      baseEvaluation: evaluated.baseEvaluation,
      problems: evaluated.problems,
      change: evaluated,
    }),
    judgedAt: clock.now().toISOString(),
  };
  const links = { train: `${runs}/${evaluated.artifact.runId}`, judge: `${runs}/${runId}` };
  const directory = join(temporary, `pulltrain-judgement-${runId}-${model}`);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'judgement.json'), `${JSON.stringify(judgement, null, 2)}\n`);
  await writeFile(join(directory, 'comment.md'), renderComment(judgement, links));
  if (await isFile(join(from, 'profile.json')))
    await copyFile(join(from, 'profile.json'), join(directory, 'profile.json'));
  return { directory, judgement, links };
}

async function readEvaluated(directory: string, model: string): Promise<Evaluated> {
  const text = await readFile(join(directory, 'evaluated.json'), 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('evaluated-missing', { what: 'nothing was handed over', where: directory, cause });
  });
  const parsed = evaluatedSchema.safeParse(JSON.parse(text));
  if (parsed.success && parsed.data.model === model) return parsed.data;
  throw new PulltrainError('evaluated-invalid', {
    what: parsed.success ? `an evaluation of ${parsed.data.model}` : 'not what actions/evaluate writes',
    where: 'evaluated.json',
    ...(parsed.success ? { allowed: model } : { cause: parsed.error }),
  });
}

/** Null when the head could not be evaluated, or a base that is there could not. */
async function compare(evaluated: Evaluated, policy: ModelConfig, directory: string): Promise<Comparison | null> {
  const { headEvaluation: head, baseEvaluation: base, base: choice } = evaluated;
  if (head === null || (base === null && choice.rung !== 'none')) return null;
  const tables = await openTables();
  try {
    const predictions = await readPredictions(
      {
        head: { path: join(directory, 'head.parquet'), evaluation: head },
        base: base === null ? null : { path: join(directory, 'base.parquet'), evaluation: base },
        by: groupColumns(policy),
      },
      tables,
    );
    const comparison = compareEvaluations({ base, head }, predictions, policy);
    return widenComparison(comparison, evaluated.wear?.factor ?? 1);
  } finally {
    tables.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
