import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import { sha256Schema, versionSchema } from '../../pipelines/contracts/common.ts';
import type { ModelManifest } from '../../pipelines/contracts/model-manifest.ts';
import { type Observation, observationSchema } from '../../pipelines/contracts/observation.ts';
import type { Profile } from '../../pipelines/contracts/profile.ts';
import { PulltrainError } from '../../pipelines/errors.ts';

const versionStateSchema = z.object({ version: versionSchema, sha256: sha256Schema });
const trafficSchema = z.object({
  stable: versionSchema,
  candidate: versionSchema.nullable(),
  weight: z.number(),
  shadow: z.boolean(),
  rollout: z.string().nullable(),
  step: z.string().nullable(),
});
const stateSchema = z.object({
  traffic: trafficSchema.nullable(),
  /** When traffic last changed. */
  since: z.iso.datetime().nullable(),
  loaded: z.array(versionStateSchema),
  stored: z.array(versionStateSchema),
});
export type ServerState = z.infer<typeof stateSchema>;

/** What `PUT traffic` takes. */
export type TrafficRequest = z.infer<typeof trafficSchema> & {
  log?: readonly string[];
  /** Feature service that fills what requests leave out. */
  features?: string | null;
  scoreEdges?: readonly number[] | null;
};

/** A request of the Open Inference Protocol: columns of numbers or texts, every one `[N,1]`. */
type InferenceInput = { name: string; datatype: string; data: readonly (number | string | boolean | null)[] };

const answerSchema = z.object({
  model_version: z.string(),
  outputs: z.array(
    z.object({ name: z.string(), data: z.array(z.union([z.number(), z.string(), z.boolean(), z.null()])) }),
  ),
});
type InferenceAnswer = z.infer<typeof answerSchema>;

const metadataSchema = z.object({
  inputs: z.array(z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) })),
});
type ServedInputs = z.infer<typeof metadataSchema>['inputs'];

export type ModelServerClient = {
  upload(version: string, model: Uint8Array, sha256: string, manifest: ModelManifest | null): Promise<void>;
  /** How the inputs of an uploaded version are distributed: what its predictions are explained against. */
  setProfile(version: string, profile: Profile): Promise<void>;
  /** Null for a model that the server has never heard of. */
  state(): Promise<ServerState | null>;
  setTraffic(traffic: TrafficRequest): Promise<void>;
  observe(): Promise<Observation>;
  inputs(version: string): Promise<ServedInputs>;
  /** Asks one version by name, which leaves no trace in log and observation. */
  infer(version: string, inputs: readonly InferenceInput[]): Promise<InferenceAnswer>;
};

const attempts = 4;
const timeout = 60_000;

/**
 * The control and inference routes of one model on a Pulltrain server. Every call may be made twice without harm, so
 * lost connections and 503 are tried again. Throws `server-unreachable` and `server-refused`.
 */
export function openModelServer({
  url,
  token,
  model,
}: {
  url: string;
  token: string;
  model: string;
}): ModelServerClient {
  const base = readBase(url);
  const control = { authorization: `Bearer ${token}` };
  const json = { 'content-type': 'application/json' };
  const controlPath = (path: string) => `/pulltrain/models/${encodeURIComponent(model)}${path}`;
  const inference = (version: string, path: string) =>
    `/v2/models/${encodeURIComponent(model)}/versions/${encodeURIComponent(version)}${path}`;

  async function call(method: 'GET' | 'PUT' | 'POST', path: string, headers = {}, body?: string | Uint8Array) {
    const where = `${method} ${base}${path}`;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(where, `${base}${path}`, { method, headers, body: body ?? null }).catch((fault) => {
        if (attempt >= attempts) throw fault;
        return null;
      });
      if (answer !== null && (answer.status !== 503 || attempt >= attempts)) return { ...answer, where };
      await pause(100 * 2 ** attempt);
    }
  }

  async function ask<Schema extends z.ZodType>(schema: Schema, ...args: Parameters<typeof call>) {
    const { status, text, where } = await call(...args);
    if (status >= 300) throw refused(where, status, text);
    const parsed = schema.safeParse(readJson(text));
    if (parsed.success) return parsed.data;
    throw new PulltrainError('server-refused', {
      what: 'the server answered something else than a Pulltrain model server does',
      where,
      seen: text.slice(0, 200),
      cause: parsed.error,
    });
  }

  return {
    async upload(version, bytes, sha256, manifest) {
      const headers = {
        ...control,
        'content-type': 'application/octet-stream',
        'x-pulltrain-sha256': sha256,
        ...(manifest === null
          ? {}
          : { 'x-pulltrain-manifest': Buffer.from(JSON.stringify(manifest)).toString('base64') }),
      };
      await ask(z.object({ sha256: z.literal(sha256) }), 'PUT', controlPath(`/versions/${version}`), headers, bytes);
    },
    async setProfile(version, profile) {
      const path = controlPath(`/versions/${version}/profile`);
      await ask(
        z.object({ version: z.literal(version) }),
        'PUT',
        path,
        { ...control, ...json },
        JSON.stringify(profile),
      );
    },
    async state() {
      const { status, text, where } = await call('GET', controlPath('/traffic'), control);
      if (status === 404) return null;
      if (status >= 300) throw refused(where, status, text);
      return stateSchema.parse(readJson(text));
    },
    async setTraffic(traffic) {
      await ask(stateSchema, 'PUT', controlPath('/traffic'), { ...control, ...json }, JSON.stringify(traffic));
    },
    observe: () => ask(observationSchema, 'GET', controlPath('/observation'), control),
    inputs: async (version) => (await ask(metadataSchema, 'GET', inference(version, ''))).inputs,
    infer(version, inputs) {
      const body = {
        inputs: inputs.map(({ name, datatype, data }) => ({ name, datatype, shape: [data.length, 1], data })),
      };
      return ask(answerSchema, 'POST', inference(version, '/infer'), json, JSON.stringify(body));
    },
  };
}

type Sending = { method: 'GET' | 'PUT' | 'POST'; headers: Record<string, string>; body: string | Uint8Array | null };

async function send(where: string, url: string, { method, headers, body }: Sending) {
  try {
    const answer = await request(url, { method, headers, body, headersTimeout: timeout, bodyTimeout: timeout });
    return { status: answer.statusCode, text: await answer.body.text() };
  } catch (cause) {
    throw new PulltrainError('server-unreachable', { what: 'cannot reach the model server', where, cause });
  }
}

function refused(where: string, status: number, text: string): PulltrainError {
  const said = z.object({ error: z.string() }).safeParse(readJson(text));
  return new PulltrainError('server-refused', {
    what: 'the model server refused',
    where,
    seen: `${status}: ${(said.success ? said.data.error : text).slice(0, 500)}`,
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readBase(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new PulltrainError('input-invalid', {
      what: 'not the URL of a server',
      where: 'server-url',
      seen: url,
      allowed: 'http:// or https://',
    });
  }
  return parsed.href.replace(/\/+$/, '');
}
