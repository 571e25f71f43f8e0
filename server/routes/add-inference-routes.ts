import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { answerInference, answerPinned, type InferencePorts } from '../answer-inference.ts';
import type { HeldVersion } from '../models/hold-version.ts';
import { noTraffic, type Slot } from '../models/open-slot.ts';
import type { Port } from '../models/worker-messages.ts';
import type { Slots } from '../open-slots.ts';
import { datatypeOf } from '../protocol/datatypes.ts';
import { readRequest } from '../protocol/read-request.ts';

const namedSchema = z.object({ model: z.string(), version: z.string().optional() });

/** Bytes of one request; a thousand rows of a hundred columns fit many times over. */
const bodyLimit = 32 * 2 ** 20;

/** Open Inference Protocol v2 over HTTP, with and without a version in the path. */
export function addInferenceRoutes(
  app: FastifyInstance,
  slots: Slots,
  { name, isDraining, ...ports }: InferencePorts & { name: string; isDraining(): boolean },
): void {
  const isReady = () => !isDraining() && slots.all().every(isServing);

  app.get('/v2/health/live', () => ({ live: true }));
  app.get('/v2/health/ready', (_request, reply) => answerReady(reply, isReady(), {}));
  app.get('/v2', () => ({ name, version: '2', extensions: [] }));

  for (const prefix of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    app.get(prefix, (request) => {
      const { model, version } = namedSchema.parse(request.params);
      const slot = slots.find(model);
      return describe(slot, chosen(slot, version));
    });
    app.get(`${prefix}/ready`, (request, reply) => {
      const { model, version } = namedSchema.parse(request.params);
      const slot = slots.find(model);
      const ready = version === undefined ? isServing(slot) : slot.loaded().some((held) => isLive(held, version));
      return answerReady(reply, ready && !isDraining(), { name: model });
    });
    app.post(`${prefix}/infer`, { bodyLimit }, (request) => {
      const { model, version } = namedSchema.parse(request.params);
      const slot = slots.find(model);
      const inference = readRequest(request.body);
      return version === undefined
        ? answerInference(slot, inference, ports)
        : answerPinned(slot, version, inference, ports);
    });
  }
}

function answerReady(reply: FastifyReply, ready: boolean, more: Record<string, string>) {
  return reply.code(ready ? 200 : 503).send({ ...more, ready });
}

function isServing(slot: Slot): boolean {
  const epoch = slot.epoch();
  return epoch !== null && !epoch.stable.isDead() && epoch.candidate?.isDead() !== true;
}

function isLive(held: HeldVersion, version: string): boolean {
  return held.stored.version === version && !held.isDead();
}

function chosen(slot: Slot, version: string | undefined): HeldVersion {
  const held =
    version === undefined ? slot.epoch()?.stable : slot.loaded().find(({ stored }) => stored.version === version);
  if (held === undefined) throw noTraffic(slot.name);
  return held;
}

function describe(slot: Slot, { model }: HeldVersion) {
  return {
    name: slot.name,
    versions: slot.loaded().map(({ stored }) => stored.version),
    platform: 'onnx_onnxruntime',
    inputs: model.inputs.map(describePort),
    outputs: model.outputs.map(describePort),
  };
}

function describePort({ name, type, shape }: Port) {
  return { name, datatype: datatypeOf(type) ?? type, shape };
}
