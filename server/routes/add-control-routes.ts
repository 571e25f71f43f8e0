import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { modelNameSchema, sha256Schema, versionSchema } from '../../pipelines/contracts/common.ts';
import { modelManifestSchema } from '../../pipelines/contracts/model-manifest.ts';
import { profileSchema } from '../../pipelines/contracts/profile.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { FeatureSource } from '../features/open-feature-source.ts';
import type { Slot } from '../models/open-slot.ts';
import type { Slots } from '../open-slots.ts';
import { requestInvalid } from '../protocol/request-invalid.ts';
import { trafficSchema } from '../traffic/traffic.ts';

/** Bytes of a model file. */
const modelLimit = 2 ** 30;
/** Bytes of a profile: some thousand columns. */
const profileLimit = 16 * 2 ** 20;

const modelSchema = z.object({ model: modelNameSchema });
const versionedSchema = z.object({ model: modelNameSchema, version: versionSchema });
const headersSchema = z.object({
  'x-pulltrain-sha256': sha256Schema,
  'x-pulltrain-manifest': z.base64().optional(),
});

/** Uploads, traffic and observation: for those who know the token. */
export function addControlRoutes(
  app: FastifyInstance,
  slots: Slots,
  { token, features }: { token: string; features: FeatureSource | null },
): void {
  void app.register(async (control) => {
    control.addHook('onRequest', async (request) => requireToken(request.headers.authorization, token));
    control.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );

    control.put('/pulltrain/models/:model/versions/:version', { bodyLimit: modelLimit }, async (request, reply) => {
      const { model, version } = read(versionedSchema, request.params);
      const headers = read(headersSchema, request.headers);
      if (!Buffer.isBuffer(request.body)) throw requestInvalid('the body must be the bytes of the model');
      const manifest = readManifest(headers['x-pulltrain-manifest']);
      const slot = await slots.make(model);
      const sha256 = headers['x-pulltrain-sha256'];
      await slot.add({ version, sha256, manifest }, request.body);
      return reply.code(201).send({ model, version, sha256 });
    });

    control.put(
      '/pulltrain/models/:model/versions/:version/profile',
      { bodyLimit: profileLimit },
      async (request, reply) => {
        const { model, version } = read(versionedSchema, request.params);
        await slots.find(model).setProfile(version, read(profileSchema, request.body));
        return reply.code(201).send({ model, version });
      },
    );
    control.put('/pulltrain/models/:model/traffic', async (request) => {
      const slot = slots.find(read(modelSchema, request.params).model);
      const traffic = read(trafficSchema, request.body);
      if (traffic.features !== null) await requireService(traffic.features, features);
      await slot.setTraffic(traffic);
      return describe(slot);
    });
    control.get('/pulltrain/models/:model/traffic', (request, reply) =>
      reply.send(describe(slots.find(read(modelSchema, request.params).model))),
    );
    control.get('/pulltrain/models/:model/observation', (request, reply) =>
      reply.send(slots.find(read(modelSchema, request.params).model).observe()),
    );
  });
}

/** Traffic that could only fail is refused before it is set. */
async function requireService(name: string, features: FeatureSource | null): Promise<void> {
  if (features !== null) return void (await features.service(name));
  throw new PulltrainError('request-invalid', {
    what: 'this server has no online store to look features up in',
    seen: name,
    cure: 'Start it with --online-store, or take serve.features out of pulltrain.yml.',
  });
}

/** Digests have one length, so the comparison tells nothing about the token, not even its length. */
function requireToken(header: string | undefined, token: string): void {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))) return;
  throw new PulltrainError('unauthorized', { what: 'control routes need the bearer token of the server' });
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw requestInvalid(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

function readManifest(header: string | undefined) {
  if (header === undefined) return null;
  try {
    return modelManifestSchema.parse(JSON.parse(Buffer.from(header, 'base64').toString('utf8')));
  } catch (cause) {
    throw new PulltrainError('request-invalid', { what: 'x-pulltrain-manifest is not a model manifest', cause });
  }
}

function describe(slot: Slot) {
  const epoch = slot.epoch();
  return {
    model: slot.name,
    traffic: epoch?.traffic ?? null,
    since: epoch?.since ?? null,
    loaded: slot.loaded().map(({ stored: { version, sha256 } }) => ({ version, sha256 })),
    stored: slot.stored().map(({ version, sha256 }) => ({ version, sha256 })),
  };
}
