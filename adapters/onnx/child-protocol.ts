import { z } from 'zod';

/** What the parent asks of the child, as one JSON argument; the model is open as descriptor 3. */
export const childRequestSchema = z.strictObject({
  mode: z.enum(['describe', 'score']),
  /** Bytes; larger files are refused unread. */
  largest: z.int().positive(),
});
export type ChildRequest = z.infer<typeof childRequestSchema>;

const tensorSchema = z.strictObject({
  name: z.string().max(1000),
  type: z.string().max(100),
  shape: z.array(z.int()).max(32),
});

/** What the child answers between score frames; as untrusted as the model that runs inside it. */
export const childAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('opened'),
    inputs: z.array(tensorSchema).max(10_000),
    outputs: z.array(tensorSchema).max(10_000),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    size: z.int().positive(),
    loadMs: z.number().nonnegative(),
  }),
  z.strictObject({
    kind: z.literal('done'),
    seconds: z.number().nonnegative(),
    latencyP50Ms: z.number().nonnegative(),
    latencyP95Ms: z.number().nonnegative(),
  }),
  z.strictObject({
    kind: z.literal('error'),
    code: z.enum(['model-not-onnx', 'model-refused', 'model-inputs-mismatch', 'model-output-invalid']),
    what: z.string().max(1000),
    seen: z.string().max(1000).optional(),
    allowed: z.string().max(1000).optional(),
    cure: z.string().max(1000).optional(),
  }),
]);
export type ChildAnswer = z.infer<typeof childAnswerSchema>;
