import { z } from 'zod';
import { PulltrainError } from '../../../pipelines/errors.ts';
import type { Scope } from '../expressions/evaluate-expression.ts';
import { evaluateTemplate } from '../expressions/evaluate-template.ts';
import type { Json } from '../expressions/json.ts';
import type { JobRecord, RunRecord } from '../model/records.ts';
import { matchesPatterns } from '../triggers/match-patterns.ts';
import { announceJob } from './announce.ts';
import { assignJobs } from './assign-jobs.ts';
import { type Engine, repositoryKey } from './engine.ts';
import { refuseJob, strategyContext } from './expand-job.ts';
import { finishJob } from './finish-job.ts';
import { needsContext } from './needs-results.ts';
import { readConcurrency } from './read-concurrency.ts';
import { serverScope } from './run-contexts.ts';

const labelsSchema = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]);
const runsOnSchema = z.union([labelsSchema, z.object({ labels: labelsSchema }).transform(({ labels }) => labels)]);
const environmentSchema = z.union([
  z.string().transform((name) => ({ name, url: undefined, deployment: true })),
  z.object({ name: z.string(), url: z.string().optional(), deployment: z.boolean().default(true) }),
]);
const booleanSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** Settles what a job needs (labels, environment, limits) and lets it wait for a runner, or refuses it. */
export function queueJob(engine: Engine, run: RunRecord, job: JobRecord): void {
  try {
    const scope = serverScope(engine.kernel, run, {
      needs: needsContext(run, job.definition.needs),
      matrix: job.matrix,
      strategy: strategyContext(job),
    });
    refuseUnsupported(job);
    settle(engine, run, job, scope);
    const declared = job.definition.concurrency;
    const concurrency = declared === undefined ? null : readConcurrency(evaluateTemplate(declared, scope));
    if (concurrency === null) {
      enqueue(engine, run, job);
      return;
    }
    job.concurrencyGroup = `${repositoryKey(run.repository)}:${concurrency.group.toLowerCase()}`;
    engine.groups.enter(
      job.concurrencyGroup,
      { id: job.id, start: () => enqueue(engine, run, job), cancel: () => stop(engine, run, job) },
      concurrency,
    );
  } catch (fault) {
    refuseJob(engine, run, job, fault);
  }
}

function enqueue(engine: Engine, run: RunRecord, job: JobRecord): void {
  if (job.status !== 'waiting') return;
  job.status = 'queued';
  engine.queue.push({ run, job });
  announceJob(engine, run, job, 'queued');
  assignJobs(engine);
}

function stop(engine: Engine, run: RunRecord, job: JobRecord): void {
  if (job.status === 'in_progress') engine.runners.get(job.runner?.id ?? -1)?.cancel(job);
  else finishJob(engine, run, job, 'cancelled');
}

function refuseUnsupported({ key, definition }: JobRecord): void {
  const refused = (what: string, seen: string, cure: string) =>
    new PulltrainError('workflow-unsupported', { what, where: `jobs.${key}`, seen, cure });
  if (definition.uses !== undefined)
    throw refused('reusable workflows do not run here', definition.uses, 'Write its jobs into this workflow.');
  if (definition.container !== undefined)
    throw refused('containers do not run here', 'container', 'Jobs run on the host: remove `container`.');
  if (definition.services !== undefined)
    throw refused('service containers do not run here', 'services', 'Start the service in a step.');
}

function settle(engine: Engine, run: RunRecord, job: JobRecord, scope: Scope): void {
  const { definition } = job;
  const read = <T>(name: string, schema: z.ZodType<T>, template: Json | undefined): T => {
    const value = evaluateTemplate(template ?? null, scope);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new PulltrainError('workflow-value', {
      what: z.prettifyError(parsed.error),
      where: `jobs.${job.key}.${name}`,
      seen: JSON.stringify(value),
    });
  };
  job.labels = read('runs-on', runsOnSchema, definition['runs-on']);
  job.continueOnError = read('continue-on-error', booleanSchema, definition['continue-on-error'] ?? false);
  job.timeoutMinutes = read('timeout-minutes', z.coerce.number().positive(), definition['timeout-minutes'] ?? 360);
  if (definition.environment === undefined) return;
  // The URL may use the steps' outputs, so the runner evaluates it when they are done.
  const { name, deployment } = read('environment', environmentSchema, withoutUrl(definition.environment));
  if (name === '') return;
  job.environment = { name, url: null, isDeployment: deployment };
  enterEnvironment(engine, run, name);
}

function withoutUrl(environment: Json): Json {
  if (typeof environment !== 'object' || environment === null || Array.isArray(environment)) return environment;
  const { url: _url, ...others } = environment;
  return others;
}

/**
 * An environment's branch policy is matched against the branch name, of a pull request against its merge ref. A tag of that
 * name does not fit it: GitHub admits tags by policies of their own kind, which there are none of here.
 */
function enterEnvironment(engine: Engine, run: RunRecord, name: string): void {
  const { ref } = run.trigger;
  const branches = engine.kernel.environment(run.repository, name)?.branches ?? null;
  const short = ref.replace(/^refs\/(heads|tags)\//, '');
  const kind = ref.startsWith('refs/tags/') ? 'Tag' : 'Branch';
  if (branches === null || (kind === 'Branch' && matchesPatterns(branches, short))) return;
  throw new PulltrainError('environment-refused', {
    what: `${kind} "${short}" is not allowed to deploy to ${name} due to environment protection rules.`,
  });
}
