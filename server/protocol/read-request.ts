import { z } from 'zod';
import { type Datatype, datatypes, isDatatype, type TensorData } from './datatypes.ts';
import { decodeTensor } from './decode-tensor.ts';
import { requestInvalid } from './request-invalid.ts';

const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const requestSchema = z.object({
  id: z.string().max(128).optional(),
  parameters: parameters.optional(),
  inputs: z
    .array(
      z.object({
        name: z.string().min(1).max(256),
        shape: z.array(z.int().nonnegative()).min(1).max(8),
        datatype: z.string(),
        data: z.array(z.unknown()),
      }),
    )
    .min(1)
    .max(4096),
  outputs: z.array(z.object({ name: z.string() })).optional(),
});

export type InputTensor = { name: string; datatype: Datatype; shape: readonly number[]; data: TensorData };

export type InferRequest = {
  id: string | null;
  /** What sticks to one variant: the parameter `routing_key`, else the id. */
  routingKey: string | null;
  inputs: ReadonlyMap<string, InputTensor>;
  /** First dimension of every input. */
  rows: number;
  /** Names of the outputs asked for; null for all. */
  outputs: readonly string[] | null;
  /** The parameter `explain`: tell what every input added to the scores. */
  explain: boolean;
};

/** Parses the JSON body of an inference request. Throws `request-invalid`, naming the first fault. */
export function readRequest(body: unknown): InferRequest {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw requestInvalid('not an inference request', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  const { id, parameters: given, inputs, outputs } = parsed.data;
  const rows = inputs[0]?.shape[0] ?? 0;
  if (rows === 0) throw requestInvalid('a request needs at least one row');
  const tensors = new Map<string, InputTensor>();
  for (const { name, shape, datatype, data } of inputs) {
    if (tensors.has(name)) throw requestInvalid('an input is given twice', name);
    if (!isDatatype(datatype)) {
      throw requestInvalid(`unknown datatype of input ${name}`, datatype, Object.keys(datatypes).join(', '));
    }
    if (shape[0] !== rows) {
      throw requestInvalid('inputs have different numbers of rows', `${name}: ${shape[0]}`, String(rows));
    }
    tensors.set(name, { name, datatype, shape, data: decodeTensor(name, datatype, shape, data) });
  }
  const { routing_key: key, explain = false } = given ?? {};
  if (typeof explain !== 'boolean') throw requestInvalid('parameter explain', String(explain), 'true or false');
  return {
    id: id ?? null,
    routingKey: key === undefined ? (id ?? null) : String(key),
    inputs: tensors,
    rows,
    outputs: outputs?.map(({ name }) => name) ?? null,
    explain,
  };
}
