import type { StageRun } from '../contracts/stage-run.ts';
import { describeError } from '../describe-error.ts';
import { PulltrainError } from '../errors.ts';
import { contentKey } from './content-key.ts';
import type { PipelinePorts, StageResult } from './pipeline-ports.ts';
import type { StageParameters } from './resolve-parameters.ts';
import type { PipelineRun } from './run-pipeline.ts';
import type { Stage } from './stage.ts';
import { isCacheable, restoreStage, saveEverywhere } from './stage-caching.ts';
import { stageFailure } from './stage-failure.ts';
import { notRun } from './stage-not-run.ts';
import { whyRun } from './why-run.ts';

/** Brings one stage up to date, when all it depends on is: leaves it alone, takes it from a cache, or runs it. */
export async function bringStage(
  stage: Stage,
  run: PipelineRun,
  left: () => number,
  ports: PipelinePorts,
  done: () => number,
): Promise<StageResult> {
  const parameters = run.parameters.get(stage.name) ?? {};
  const base = { ...notRun(stage, ''), startedAt: ports.clock.now().toISOString() };
  const finish = (result: Partial<StageResult>): StageResult => ({
    ...base,
    ...result,
    finishedAt: ports.clock.now().toISOString(),
  });
  try {
    if (stage.frozen) return finish(await takeFrozen(stage, ports));
    const inputs = await findInputs(stage, ports);
    const key = contentKey(stage, parameters, inputs);
    const known = { key, inputs };
    const last = ports.memory.recall(stage.name);
    const reason = whyRun(stage, last, key, inputs, parameters, run.force);
    if (reason === null && last !== null && (await liesThere(last, ports))) {
      return finish({ ...known, status: 'unchanged', outputs: last.outs, reason: 'nothing has changed' });
    }
    const why = reason ?? 'an output is missing or was edited';
    if (run.dry === true) return finish({ ...known, reason: `would run: ${why}` });
    const restored = !run.force && isCacheable(stage) ? await restoreStage(key, stage, ports) : null;
    if (restored !== null) {
      await ports.memory.remember({ ...restored.run, stage: stage.name });
      return finish({ ...known, status: 'restored', outputs: restored.run.outs, reason: `from ${restored.from}` });
    }
    ports.observer.started(stage, done(), run.stages.length);
    return finish({ ...known, ...(await execute(stage, key, inputs, parameters, run, left(), ports)), reason: why });
  } catch (thrown) {
    if (!(thrown instanceof PulltrainError) || thrown.code === 'cancelled') throw thrown;
    const message = `Stage ${stage.name}: ${describeError(thrown)}`.slice(0, 4000);
    return finish({ status: 'failed', failure: { code: 'bad-input', message } });
  }
}

async function execute(
  stage: Stage,
  key: string,
  inputs: StageResult['inputs'],
  parameters: StageParameters,
  run: PipelineRun,
  seconds: number,
  ports: PipelinePorts,
): Promise<Partial<StageResult>> {
  await ports.memory.forget(stage.name);
  await ports.files.clear(stage.outs.filter((out) => !stage.persistent.includes(out)));
  await ports.files.prepare(stage.persistent);
  const outcome = await ports.runStage({ stage, key, seconds, signal: run.signal });
  const told = { outcome, seconds: outcome.seconds };
  const failure = stageFailure(stage, outcome, run.seconds);
  if (failure !== null) return { ...told, status: 'failed', failure };
  const outputs: StageRun['outs'] = [];
  const missing: string[] = [];
  for (const out of stage.outs) {
    const found = await ports.files.fingerprint(out);
    if (found === null) missing.push(out);
    else outputs.push({ ...found, integrity: null });
  }
  if (missing.length > 0) {
    const message = `Stage ${stage.name} ended well but did not write ${missing.join(', ')}.`;
    return { ...told, status: 'failed', outputs, failure: { code: 'missing-output', message } };
  }
  let made: StageRun = {
    kind: 'stage-run',
    version: 1,
    key,
    stage: stage.name,
    commands: stage.commands,
    parameters,
    deps: inputs,
    outs: outputs,
    seconds: outcome.seconds,
    code: run.code,
    madeAt: ports.clock.now().toISOString(),
  };
  if (isCacheable(stage)) made = await saveEverywhere(made, stage, ports);
  await ports.memory.remember(made);
  return { ...told, status: 'ran', outputs: made.outs };
}

async function findInputs(stage: Stage, ports: PipelinePorts): Promise<StageResult['inputs']> {
  const inputs: StageResult['inputs'] = [];
  const missing: string[] = [];
  for (const path of [...stage.deps, ...stage.external]) {
    const found = await ports.files.fingerprint(path);
    if (found === null) missing.push(path);
    else inputs.push({ path, fingerprint: found.fingerprint });
  }
  if (missing.length === 0) return inputs;
  const verb = missing.length === 1 ? 'is' : 'are';
  throw new PulltrainError('input-missing', {
    what: `depends on ${missing.join(', ')}, which ${verb} not there`,
    where: stage.place,
    cure: 'Bring data with "pulltrain data pull", or correct deps',
  });
}

async function takeFrozen(stage: Stage, ports: PipelinePorts): Promise<Partial<StageResult>> {
  const outputs: StageRun['outs'] = [];
  for (const out of stage.outs) {
    const found = await ports.files.fingerprint(out);
    if (found !== null) outputs.push({ ...found, integrity: null });
  }
  const missing = stage.outs.filter((out) => !outputs.some(({ path }) => path === out));
  if (missing.length === 0) return { status: 'unchanged', outputs, reason: 'it is frozen' };
  const message = `Stage ${stage.name} (${stage.place}) is frozen, and ${missing.join(', ')} is not there. Bring it with "pulltrain data pull", or thaw the stage.`;
  return { status: 'failed', outputs, failure: { code: 'missing-output', message } };
}

async function liesThere(run: StageRun, ports: PipelinePorts): Promise<boolean> {
  for (const out of run.outs) {
    if ((await ports.files.fingerprint(out.path))?.fingerprint !== out.fingerprint) return false;
  }
  return true;
}
