import { randomUUID } from 'node:crypto';
import type { VariantName } from '../pipelines/contracts/observation.ts';
import type { Prediction } from '../pipelines/contracts/prediction.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { entityColumns } from '../pipelines/features/get-online-features.ts';
import type { Clock } from '../pipelines/ports/clock.ts';
import { encodeExplanation } from './explain/encode-explanation.ts';
import type { Explainer, RowContributions } from './explain/open-explainer.ts';
import { type FilledRequest, fillRequest, serviceOf } from './features/fill-request.ts';
import type { FeatureSource } from './features/open-feature-source.ts';
import type { PredictionLog } from './log/open-prediction-log.ts';
import type { HeldVersion } from './models/hold-version.ts';
import { type Epoch, noTraffic, type Slot } from './models/open-slot.ts';
import type { ModelRun } from './models/start-model.ts';
import type { RuntimeTensor } from './models/worker-messages.ts';
import type { RequestCounter } from './observe/count-requests.ts';
import { datatypeOf } from './protocol/datatypes.ts';
import { encodeOutputs } from './protocol/encode-outputs.ts';
import { fitInputs } from './protocol/fit-inputs.ts';
import type { InferRequest } from './protocol/read-request.ts';
import { requestInvalid } from './protocol/request-invalid.ts';
import { rowFeatures } from './protocol/row-features.ts';
import { chooseVariant } from './traffic/choose-variant.ts';

export type InferencePorts = {
  clock: Clock;
  log: PredictionLog;
  counter: RequestCounter;
  queueLimit: number;
  /** Null on a server without an online store. */
  features: FeatureSource | null;
  explainer: Explainer;
};

/** One request on its way: what it asks, under which name it is logged, and what every row looked like. */
type Journey = {
  slot: Slot;
  epoch: Epoch;
  request: InferRequest;
  id: string;
  features: Prediction['features'][];
  /** What was looked up for each row; null when nothing was. */
  online: FilledRequest['online'];
};

/**
 * Answers a request by the version that its key belongs to, lets the shadow score a copy, and keeps one line per row.
 * Throws `request-invalid`, `model-unknown`, `overloaded`, `model-failed`, and for an explanation what `Explainer` throws.
 */
export async function answerInference(slot: Slot, request: InferRequest, ports: InferencePorts) {
  const epoch = slot.epoch();
  if (epoch === null) throw noTraffic(slot.name);
  const { traffic, stable, candidate } = epoch;
  const versions = candidate === null ? [stable] : [stable, candidate];
  const id = randomUUID();
  const variant = chooseVariant(request.routingKey ?? id, traffic.rollout, traffic.weight);
  const held = variant === 'candidate' && candidate !== null ? candidate : stable;
  const asked = { slot, epoch, request, id, features: featuresOf(request), online: null };
  const proceed = async (journey: Journey) => {
    const feeds = fitOrCount(journey, variant, held, versions, ports);
    const outputs = chooseOutputs(held, request.outputs);
    requireRoom(slot, held, variant, ports);
    const explain = request.explain ? await ports.explainer.prepare(slot, held, request.rows) : null;
    const answer = run(journey, variant, held, feeds, outputs, ports);
    if (traffic.shadow && candidate !== null && variant === 'stable') void shadow(asked, candidate, answer, ports);
    const given = await answer;
    return respond(slot, held, request, given, { variant }, await explain?.(feeds, given.scores));
  };
  if (traffic.features === null && !request.explain) {
    refuseUnknown(request, versions, traffic.log);
    return proceed(asked);
  }
  // Asking the online store takes time, and so does an explanation, in which a change of traffic must not take the version away.
  return held.use(async () => {
    refuseUnknown(request, versions, [...traffic.log, ...(await keysOf(versions, traffic.features, ports))]);
    return proceed(await fill(asked, held, ports));
  });
}

/** Answers by a version that the caller names: a look at one model, so neither logged nor observed. */
export async function answerPinned(slot: Slot, version: string, request: InferRequest, ports: InferencePorts) {
  const held = slot.loaded().find(({ stored }) => stored.version === version);
  if (held === undefined) {
    throw new PulltrainError('model-unknown', {
      what: 'the version is not loaded',
      where: slot.name,
      seen: version,
      allowed:
        slot
          .loaded()
          .map(({ stored }) => stored.version)
          .join(', ') || 'none',
    });
  }
  const { log = [], features = null } = slot.epoch()?.traffic ?? {};
  const outputs = chooseOutputs(held, request.outputs);
  return held.use(async (model) => {
    const keys = await keysOf([held], features, ports);
    refuseUnknown(request, [held, ...slot.loaded()], [...log, ...keys]);
    const filled = await fillFor(held, features, request, ports);
    const feeds = fitInputs(model.inputs, filled.request);
    if (model.pending() >= ports.queueLimit) throw overloaded(slot.name);
    const explain = request.explain ? await ports.explainer.prepare(slot, held, request.rows) : null;
    const given = await model.run(feeds, request.rows, outputs);
    return respond(slot, held, request, given, {}, await explain?.(feeds, given.scores));
  });
}

/** The journey with the inputs that its version wants and its request leaves out. */
async function fill(journey: Journey, held: HeldVersion, ports: InferencePorts): Promise<Journey> {
  const { request, online } = await fillFor(held, journey.epoch.traffic.features, journey.request, ports);
  return online === null ? journey : { ...journey, request, online, features: featuresOf(request) };
}

async function fillFor(
  held: HeldVersion,
  name: string | null,
  request: InferRequest,
  { features: source }: InferencePorts,
): Promise<FilledRequest> {
  if (name === null || source === null) return { request, online: null };
  return fillRequest(held.model.inputs, await serviceOf(held, name, source), request, source);
}

/** Entity columns, which no model takes and requests may name all the same. */
async function keysOf(
  versions: readonly HeldVersion[],
  name: string | null,
  { features: source }: InferencePorts,
): Promise<string[]> {
  if (name === null || source === null) return [];
  const services = await Promise.all(versions.map((held) => serviceOf(held, name, source)));
  return services.flatMap(entityColumns);
}

async function run(
  journey: Journey,
  variant: VariantName,
  held: HeldVersion,
  feeds: Record<string, RuntimeTensor>,
  outputs: readonly string[],
  ports: InferencePorts,
): Promise<ModelRun> {
  const labels = { model: journey.slot.name, version: held.stored.version, variant };
  const started = performance.now();
  try {
    const answer = await held.use((model) => model.run(feeds, journey.request.rows, outputs));
    const milliseconds = performance.now() - started;
    journey.epoch.observer.answered(variant, answer.scores, milliseconds);
    ports.counter.answered(labels, journey.request.rows, milliseconds);
    ports.log.append(lines(journey, variant, held, answer.scores, milliseconds, ports.clock));
    return answer;
  } catch (fault) {
    journey.epoch.observer.failed(variant);
    ports.counter.failed(labels);
    ports.log.append(lines(journey, variant, held, null, performance.now() - started, ports.clock));
    // A dead thread is replaced for the requests that come next.
    if (held.isDead()) void journey.slot.setTraffic(journey.epoch.traffic).catch(() => undefined);
    throw fault;
  }
}

/** The candidate scores a copy once the answer is out; held from the start, so that no change of traffic takes it away. */
async function shadow(
  journey: Journey,
  candidate: HeldVersion,
  answer: Promise<ModelRun>,
  ports: InferencePorts,
): Promise<void> {
  await candidate.use(async (model) => {
    try {
      const { scores } = await answer;
      const labels = { model: journey.slot.name, version: candidate.stored.version, variant: 'shadow' } as const;
      if (model.pending() >= ports.queueLimit) return ports.counter.rejected(labels);
      const filled = journey.epoch.traffic.features === null ? journey : await fill(journey, candidate, ports);
      const feeds = fitOrCount(filled, 'shadow', candidate, [journey.epoch.stable, candidate], ports);
      const copy = await run(filled, 'shadow', candidate, feeds, [], ports);
      journey.epoch.observer.paired(scores, copy.scores);
    } catch {
      // The client has its answer; what went wrong with the copy has been counted.
    }
  });
}

/** A request that no version understands is its sender's fault; one that only this version refuses counts against it. */
function fitOrCount(
  { slot, epoch, request }: Journey,
  variant: VariantName,
  held: HeldVersion,
  versions: readonly HeldVersion[],
  ports: InferencePorts,
): Record<string, RuntimeTensor> {
  try {
    return fitInputs(held.model.inputs, request);
  } catch (fault) {
    if (versions.some((other) => other !== held && fits(other, request))) {
      epoch.observer.failed(variant);
      ports.counter.failed({ model: slot.name, version: held.stored.version, variant });
    }
    throw fault;
  }
}

function fits(held: HeldVersion, request: InferRequest): boolean {
  try {
    fitInputs(held.model.inputs, request);
    return true;
  } catch {
    return false;
  }
}

function requireRoom(slot: Slot, held: HeldVersion, variant: VariantName, ports: InferencePorts): void {
  if (held.model.pending() < ports.queueLimit) return;
  ports.counter.rejected({ model: slot.name, version: held.stored.version, variant });
  throw overloaded(slot.name);
}

function overloaded(model: string): PulltrainError {
  return new PulltrainError('overloaded', { what: 'too many requests wait for the model', where: model });
}

function refuseUnknown(request: InferRequest, versions: readonly HeldVersion[], log: readonly string[]): void {
  const known = new Set([...versions.flatMap(({ model }) => model.inputs.map(({ name }) => name)), ...log]);
  const unknown = [...request.inputs.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw requestInvalid('no loaded version takes these inputs', unknown.join(', '), [...known].join(', '));
}

function chooseOutputs(held: HeldVersion, wanted: readonly string[] | null): readonly string[] {
  const sendable = held.model.outputs.filter(({ type }) => datatypeOf(type) !== undefined).map(({ name }) => name);
  const unknown = wanted?.filter((name) => !sendable.includes(name)) ?? [];
  if (unknown.length > 0) throw requestInvalid('the model has no such output', unknown.join(', '), sendable.join(', '));
  return wanted ?? sendable;
}

function featuresOf(request: InferRequest): Prediction['features'][] {
  return Array.from({ length: request.rows }, (_, row) => rowFeatures(request.inputs.values(), row));
}

function lines(
  { slot, epoch, request, id, features, online }: Journey,
  variant: VariantName,
  held: HeldVersion,
  scores: Float64Array | null,
  milliseconds: number,
  clock: Clock,
): Prediction[] {
  const at = clock.now().toISOString();
  return features.map((columns, row) => {
    const score = scores?.[row];
    return {
      v: 1,
      id: variant === 'shadow' ? `${id}-${row}-shadow` : `${id}-${row}`,
      request: request.id ?? id,
      row,
      at,
      model: slot.name,
      version: held.stored.version,
      sha256: held.stored.sha256,
      variant,
      rollout: epoch.traffic.rollout,
      features: columns,
      ...(online?.[row] === undefined ? {} : { online: online[row] }),
      score: score !== undefined && Number.isFinite(score) ? score : null,
      status: scores === null ? 'error' : 'ok',
      latencyMs: Math.round(milliseconds * 1000) / 1000,
    };
  });
}

function respond(
  slot: Slot,
  held: HeldVersion,
  request: InferRequest,
  { outputs }: ModelRun,
  parameters: Record<string, string>,
  explained: RowContributions | undefined,
) {
  return {
    model_name: slot.name,
    model_version: held.stored.version,
    ...(request.id === null ? {} : { id: request.id }),
    parameters: { ...parameters, ...(explained === undefined ? {} : { explain_method: explained.method }) },
    outputs: [...encodeOutputs(outputs), ...(explained === undefined ? [] : encodeExplanation(explained))],
  };
}
