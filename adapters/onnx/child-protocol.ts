import { z } from 'zod';

/** What computes: a processor, or an NVIDIA GPU. */
const providerSchema = z.enum(['cpu', 'cuda']);
export type Provider = z.infer<typeof providerSchema>;

/** What the parent tells the child when it starts it, as one JSON argument; the model is open as descriptor 3. */
export const childStartSchema = z.strictObject({
  /** Bytes; larger files are refused unread. */
  largest: z.int().positive(),
  provider: providerSchema,
});
export type ChildStart = z.infer<typeof childStartSchema>;

/**
 * What the parent asks of the open model. After `score` come batches, a frame for each input, until `end`; after `time`
 * comes one batch.
 */
export const childRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('score'), answer: z.enum(['one', 'all']) }),
  z.strictObject({ kind: z.literal('time'), sizes: z.array(z.int().positive()).max(20) }),
  z.strictObject({ kind: z.literal('end') }),
]);

const tensorSchema = z.strictObject({
  name: z.string().max(1000),
  type: z.string().max(100),
  shape: z.array(z.int()).max(32),
});
const milliseconds = z.number().nonnegative();

/** What the child answers, between frames of scores; as untrusted as the model that runs inside it. */
export const childAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('opened'),
    inputs: z.array(tensorSchema).max(10_000),
    outputs: z.array(tensorSchema).max(10_000),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    size: z.int().positive(),
    classes: z.array(z.string().max(1000)).max(10_000).nullable(),
    loadMs: milliseconds,
  }),
  z.strictObject({ kind: z.literal('done'), seconds: z.number().nonnegative(), total: z.number().nonnegative() }),
  z.strictObject({
    kind: z.literal('timed'),
    /** Seconds inside the model since it was opened, as in `done`. */
    total: z.number().nonnegative(),
    latencies: z
      .array(
        z.strictObject({
          rows: z.int().positive(),
          calls: z.int().positive(),
          p50Ms: milliseconds,
          p95Ms: milliseconds,
          p99Ms: milliseconds,
        }),
      )
      .max(20),
  }),
  z.strictObject({
    kind: z.literal('error'),
    code: z.enum([
      'provider-missing',
      'model-not-onnx',
      'model-refused',
      'model-inputs-mismatch',
      'model-output-invalid',
    ]),
    what: z.string().max(1000),
    seen: z.string().max(1000).optional(),
    allowed: z.string().max(1000).optional(),
    cure: z.string().max(1000).optional(),
  }),
]);
export type ChildAnswer = z.infer<typeof childAnswerSchema>;
