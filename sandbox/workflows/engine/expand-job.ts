import { z } from 'zod';
import { describeError } from '../../../pipelines/describe-error.ts';
import { evaluateIf, evaluateTemplate, evaluateText } from '../expressions/evaluate-template.ts';
import { isJsonObject, type Json, type JsonObject } from '../expressions/json.ts';
import type { JobRecord, RunRecord } from '../model/records.ts';
import type { JobDefinition } from '../model/workflow.ts';
import type { Engine } from './engine.ts';
import { expandMatrix } from './expand-matrix.ts';
import { finishJob } from './finish-job.ts';
import { needsContext } from './needs-results.ts';
import { jobConditionScope, serverScope } from './run-contexts.ts';

const strategySchema = z.object({
  'fail-fast': z.boolean().default(true),
  'max-parallel': z.number().int().positive().default(256),
  matrix: z.json().optional(),
});

/** Decides a job whose needs are done: skipped by its `if`, or one job per combination of its matrix. */
export function expandJob(engine: Engine, run: RunRecord, key: string, definition: JobDefinition): void {
  run.unexpanded.delete(key);
  try {
    if (!evaluateIf(definition.if, jobConditionScope(engine.kernel, run, key, definition.needs))) {
      finishJob(engine, run, addJob(engine, run, key, definition, null), 'skipped');
      return;
    }
    const scope = serverScope(engine.kernel, run, { needs: needsContext(run, definition.needs) });
    const strategy = strategySchema.parse(evaluateTemplate(definition.strategy ?? {}, scope));
    const combinations = expandMatrix(strategy.matrix);
    const jobs = combinations.map((matrix, index) =>
      Object.assign(addJob(engine, run, key, definition, matrix), {
        strategy: {
          failFast: strategy['fail-fast'],
          maxParallel: strategy['max-parallel'],
          index,
          total: combinations.length,
        },
      }),
    );
    for (const job of jobs) nameJob(engine, run, job);
  } catch (fault) {
    const added = run.jobs.filter((job) => job.key === key);
    for (const job of added.length > 0 ? added : [addJob(engine, run, key, definition, null)])
      refuseJob(engine, run, job, fault);
  }
}

/** Ends a job that cannot run, with the reason where people look for it. */
export function refuseJob(engine: Engine, run: RunRecord, job: JobRecord, fault: unknown): void {
  const message = describeError(fault);
  job.annotations.push({ level: 'failure', message, title: '', path: run.workflow.path, startLine: 1, endLine: 1 });
  job.log.push({ step: 0, at: engine.kernel.now().toISOString(), text: `##[error]${message}` });
  finishJob(engine, run, job, 'failure');
}

/** The `strategy` context of a job. */
export function strategyContext({ strategy }: JobRecord): JsonObject {
  return {
    'fail-fast': strategy.failFast,
    'job-index': strategy.index,
    'job-total': strategy.total,
    'max-parallel': Math.min(strategy.maxParallel, strategy.total),
  };
}

function nameJob(engine: Engine, run: RunRecord, job: JobRecord): void {
  const { definition, matrix, key } = job;
  if (definition.name === undefined) {
    job.name = matrix === null ? key : `${key} (${leaves(matrix).join(', ')})`;
    return;
  }
  job.name = evaluateText(
    definition.name,
    serverScope(engine.kernel, run, {
      needs: needsContext(run, definition.needs),
      matrix,
      strategy: strategyContext(job),
    }),
  );
}

function leaves(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (isJsonObject(value)) return Object.values(value).flatMap(leaves);
  return [String(value)];
}

function addJob(
  engine: Engine,
  run: RunRecord,
  key: string,
  definition: JobDefinition,
  matrix: JsonObject | null,
): JobRecord {
  const job: JobRecord = {
    id: engine.kernel.nextId(),
    key,
    name: typeof definition.name === 'string' ? definition.name : key,
    definition,
    matrix,
    strategy: { failFast: true, index: 0, total: 1, maxParallel: 1 },
    status: 'waiting',
    conclusion: null,
    continueOnError: false,
    timeoutMinutes: 360,
    labels: [],
    runner: null,
    environment: null,
    steps: [],
    log: [],
    summaries: [],
    annotations: [],
    outputs: {},
    checkId: null,
    concurrencyGroup: null,
    createdAt: engine.kernel.now().toISOString(),
    startedAt: null,
    completedAt: null,
  };
  run.jobs.push(job);
  engine.jobs.set(job.id, { run, job });
  return job;
}
