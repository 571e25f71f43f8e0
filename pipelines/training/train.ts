import { durationSeconds } from '../config/duration-seconds.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { ModelFile, RunFailure, RunRecord, StageRecord } from '../contracts/run-record.ts';
import { collectMetrics } from './collect-metrics.ts';
import { computeRunKey, type KeyedStage, type RunIdentity } from './compute-run-key.ts';
import { fetchSources } from './fetch-sources.ts';
import { failingAs, RunFailed } from './run-failed.ts';
import type { TrainingPorts } from './training-ports.ts';

export type TrainingSubject = {
  name: string;
  model: Pick<ModelConfig, 'pipeline' | 'output' | 'timeout'>;
  code: RunRecord['code'];
  environment: RunRecord['environment'];
};

/**
 * The training journey: name the run, bring its data, run the stages that lead to the model, look at what they made, hand
 * it over. A run that fails for a reason of its own is handed over as well, with the reason; only what nobody could have
 * foreseen is thrown.
 */
export async function train(subject: TrainingSubject, ports: TrainingPorts): Promise<RunRecord> {
  const { name, model } = subject;
  const startedAt = ports.clock.now().toISOString();
  const stages: StageRecord[] = [];
  let identity: RunIdentity | null = null;
  let modelFile: ModelFile | null = null;
  let reportedMetrics: Record<string, number> = {};
  let failure: RunFailure | null = null;
  try {
    const run = await failingAs('bad-input', null, () => computeRunKey({ name, model, tree: ports.tree }));
    identity = run;
    await failingAs('bad-input', null, () => fetchSources(run.sources, ports));
    await runStages(run.stages, durationSeconds(model.timeout), stages, ports);
    modelFile = await takeModel(run.stages, model.output, ports);
    const metrics = run.stages.flatMap((stage) => stage.metrics);
    reportedMetrics = await collectMetrics(metrics, ports.workspace);
  } catch (thrown) {
    if (!(thrown instanceof RunFailed)) throw thrown;
    failure = thrown.failure;
  }
  const record: RunRecord = {
    kind: 'run-record',
    version: 1,
    model: name,
    key: identity?.key ?? null,
    status: failure === null ? 'succeeded' : 'failed',
    failure,
    code: subject.code,
    stages: [...stages, ...(identity?.stages.slice(stages.length) ?? []).map(notRun)],
    parameters: identity?.parameters ?? {},
    sources: identity?.sources ?? [],
    modelFile,
    reportedMetrics,
    environment: subject.environment,
    startedAt,
    finishedAt: ports.clock.now().toISOString(),
  };
  await ports.handOver.finish(record);
  return record;
}

/** Runs every stage in order within the time that all of them have together; each leaves its entry in `records`. */
async function runStages(
  stages: readonly KeyedStage[],
  seconds: number,
  records: StageRecord[],
  ports: TrainingPorts,
): Promise<void> {
  let left = seconds;
  for (const stage of stages) {
    await failingAs('bad-input', stage.name, () => ports.workspace.clear(stage.outs));
    const outcome = await ports.runStage(stage, left);
    left = Math.max(0, left - outcome.seconds);
    const { exitCode, timedOut, lastLines, peakMemoryBytes } = outcome;
    const ended = exitCode === 0 && !timedOut;
    records.push({
      ...notRun(stage),
      status: ended ? 'ran' : 'failed',
      exitCode,
      seconds: outcome.seconds,
      ...(peakMemoryBytes === null ? {} : { peakMemoryBytes }),
    });
    if (ended) {
      await requireOutputs(stage, ports);
      continue;
    }
    const reason = timedOut
      ? `did not end within the ${seconds} s that training may take: make it faster, or raise timeout in pulltrain.yml`
      : exitCode === null
        ? 'was killed'
        : `ended with exit code ${exitCode}`;
    const said = lastLines.length === 0 ? 'It said nothing.' : `Its last lines:\n${lastLines.join('\n')}`;
    const code = timedOut ? 'stage-timeout' : 'stage-failed';
    throw new RunFailed({ code, stage: stage.name, message: `Stage ${stage.name} ${reason}. ${said}` });
  }
}

async function requireOutputs(stage: KeyedStage, ports: TrainingPorts): Promise<void> {
  const missing: string[] = [];
  for (const out of stage.outs) if (!(await ports.workspace.exists(out))) missing.push(out);
  if (missing.length === 0) return;
  const message = `Stage ${stage.name} ended well but did not write ${missing.join(', ')}.`;
  throw new RunFailed({ code: 'missing-output', stage: stage.name, message });
}

async function takeModel(stages: readonly KeyedStage[], output: string, ports: TrainingPorts): Promise<ModelFile> {
  const stage = stages.at(-1)?.name ?? null;
  if (!(await ports.workspace.exists(output))) {
    const message = `No stage wrote ${output}, the output of the model.`;
    throw new RunFailed({ code: 'missing-output', stage, message });
  }
  return failingAs('bad-output', stage, () => ports.handOver.takeModel(output));
}

function notRun(stage: KeyedStage): StageRecord {
  const command = stage.commands.join('\n');
  return { name: stage.name, command, key: stage.key, status: 'not-run', exitCode: null, seconds: 0 };
}
