/** Open Inference Protocol datatypes that JSON can carry, and what ONNX Runtime calls them. FP16 has no JSON form. */
export const datatypes = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const;

/** What holds the values of a tensor that are not text. */
export const arrays = {
  bool: Uint8Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

export type Datatype = keyof typeof datatypes;
export type RuntimeType = (typeof datatypes)[Datatype];

export type TensorData =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | string[];

/** The protocol's name of a runtime type; undefined for those that no JSON request can carry. */
export function datatypeOf(type: string): Datatype | undefined {
  return names.find((name) => datatypes[name] === type);
}

export function isDatatype(text: string): text is Datatype {
  return names.some((name) => name === text);
}

const names: readonly Datatype[] = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP32',
  'FP64',
  'BYTES',
];
