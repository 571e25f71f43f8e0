import { durationSeconds } from '../config/duration-seconds.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { ModelFile, RunFailure, RunRecord } from '../contracts/run-record.ts';
import type { ValidationSummary } from '../contracts/validation-summary.ts';
import { checkSources } from './check-sources.ts';
import { collectMetrics } from './collect-metrics.ts';
import { computeRunKey, type KeyedStage, type RunIdentity } from './compute-run-key.ts';
import { fetchSources } from './fetch-sources.ts';
import type { StageResult } from './pipeline-ports.ts';
import { rememberParameters } from './read-parameters.ts';
import { recordFeatures } from './record-features.ts';
import { resolveParameters, type StageParameters } from './resolve-parameters.ts';
import { failingAs, RunFailed } from './run-failed.ts';
import { runPipeline } from './run-pipeline.ts';
import { notRun } from './stage-not-run.ts';
import { firstFailure, seedsOf, stageRecords } from './stage-records.ts';
import type { TrainingPorts } from './training-ports.ts';

export type TrainingSubject = {
  name: string;
  model: Pick<ModelConfig, 'pipeline' | 'output' | 'timeout'>;
  code: RunRecord['code'];
  /** Stages at a time. */
  jobs: number;
  /** Run every stage, whatever is known of earlier runs. */
  force: boolean;
  /** Name of the run on this machine, and the command line that asked for it. */
  id?: string;
  invocation?: string;
  signal?: AbortSignal;
};

/**
 * The training journey: name the run, bring its data, run the stages that lead to the model, look at what they made, hand
 * it over. A run that fails for a reason of its own is handed over as well, with the reason; only what nobody could have
 * foreseen is thrown.
 */
export async function train(subject: TrainingSubject, ports: TrainingPorts): Promise<RunRecord> {
  const { name, model } = subject;
  const startedAt = ports.clock.now().toISOString();
  let results: StageResult[] = [];
  const validations: ValidationSummary[] = [];
  let identity: RunIdentity | null = null;
  let machine: Promise<RunRecord['environment']> | null = null;
  let modelFile: ModelFile | null = null;
  let reportedMetrics: Record<string, number> = {};
  let failure: RunFailure | null = null;
  try {
    const run = await failingAs('bad-input', null, () => computeRunKey({ name, model, tree: ports.tree }));
    identity = run;
    machine = ports.describeMachine(run.stages.flatMap(({ commands }) => commands));
    await failingAs('bad-input', null, () => fetchSources(run.sources, ports));
    await checkSources(run.sources, validations, ports);
    results = await runStages(subject, run, ports);
    failure = firstFailure(results);
    if (failure === null) {
      modelFile = await takeModel(run.stages, model.output, ports);
      const metrics = run.stages.flatMap((stage) => stage.metrics);
      reportedMetrics = await collectMetrics(metrics, ports.workspace);
    }
  } catch (thrown) {
    if (!(thrown instanceof RunFailed)) throw thrown;
    failure = thrown.failure;
  }
  const planned = results.length > 0 ? results : (identity?.stages ?? []).map((stage) => notRun(stage, ''));
  const parameters = identity?.parameters ?? {};
  const record: RunRecord = {
    kind: 'run-record',
    version: 1,
    ...(subject.id === undefined ? {} : { id: subject.id }),
    ...(subject.invocation === undefined ? {} : { invocation: subject.invocation }),
    model: name,
    key: identity?.key ?? null,
    status: failure === null ? 'succeeded' : 'failed',
    failure,
    code: subject.code,
    stages: stageRecords(planned, new Map(identity?.stages.map((stage) => [stage.name, stage.key]))),
    parameters,
    seeds: seedsOf(parameters),
    sources: identity?.sources ?? [],
    features: await recordFeatures(identity?.stages ?? [], ports),
    ...(validations.length === 0 ? {} : { validations: validations.slice(0, 100) }),
    modelFile,
    reportedMetrics,
    environment: await (machine ?? ports.describeMachine([])),
    startedAt,
    finishedAt: ports.clock.now().toISOString(),
  };
  await ports.handOver.finish(record);
  return record;
}

/** The stages that lead to the model; when one fails there is no model to wait for, and no other is started. */
async function runStages(
  { model, jobs, force, signal, code }: TrainingSubject,
  { stages }: RunIdentity,
  ports: TrainingPorts,
): Promise<StageResult[]> {
  const read = rememberParameters(ports.tree);
  const parameters = new Map<string, StageParameters>();
  // Whatever could be missing was told when the run was named.
  for (const stage of stages) parameters.set(stage.name, await resolveParameters(stage, read, []));
  return runPipeline(
    {
      stages,
      parameters,
      jobs,
      seconds: durationSeconds(model.timeout),
      force,
      failFast: true,
      code,
      ...(signal === undefined ? {} : { signal }),
    },
    ports.pipeline,
  );
}

async function takeModel(stages: readonly KeyedStage[], output: string, ports: TrainingPorts): Promise<ModelFile> {
  const stage = stages.at(-1)?.name ?? null;
  if (!(await ports.workspace.exists(output))) {
    const message = `No stage wrote ${output}, the output of the model.`;
    throw new RunFailed({ code: 'missing-output', stage, message });
  }
  return failingAs('bad-output', stage, () => ports.handOver.takeModel(output));
}
