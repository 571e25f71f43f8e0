import type { StreamedColumn } from './tables.ts';

/** A tensor of a model: its element type in ONNX Runtime's words and its shape, -1 where the size is free. */
export type ModelTensor = { name: string; type: string; shape: number[] };

export type ModelDescription = {
  inputs: ModelTensor[];
  outputs: ModelTensor[];
  /** Hex digest and size in bytes of exactly the bytes that were opened. */
  sha256: string;
  size: number;
  /** Classes as the model itself names them, in the order of its scores; null where it does not. */
  classes: readonly string[] | null;
};

/** The rows of one batch by input: numbers for numeric and bool inputs (bool as 0 and 1), text for string inputs. */
export type ScoreColumns = Record<string, StreamedColumn>;

/** Batches in row order, all with the same columns; read one after the other, as the model gets to them. */
export type ScoreBatches = Iterable<ScoreColumns> | AsyncIterable<ScoreColumns>;

/**
 * What a row is answered with. `one`: a number, from an output `[N]`, `[N,1]` or, of two classes, the second of `[N,2]`.
 * `all`: every number of an output `[N,k]`, one per class or
 * label; of `[k,N,2]`, as converters write several labels, the second of each two.
 */
export type AnswerKind = 'one' | 'all';

export type Scores = {
  /** `rows * width` numbers, row after row, as the model gave them: NaN and infinities are not looked for. */
  values: Float64Array;
  rows: number;
  width: number;
  /** Time inside the model, without reading the rows and bringing them there. */
  seconds: number;
};

/** How long calls with so many rows take. */
export type Latency = { rows: number; calls: number; p50Ms: number; p95Ms: number; p99Ms: number };

/** A model in a process of its own, which answers any number of questions until it is closed. */
export type OpenModel = {
  description: ModelDescription;
  loadMs: number;
  /** What computes. */
  provider: 'cpu' | 'cuda';
  /**
   * Throws `model-inputs-mismatch`, `model-output-invalid`, `model-timeout`, `model-memory` or `model-crashed`, or what
   * reading the batches throws. After a timeout, a crash or too much memory the model is closed; else it can be asked again.
   */
  score(batches: ScoreBatches, kind: AnswerKind): Promise<Scores>;
  /** Times calls with the first rows of `columns`, once for each of `sizes` that there are rows for, ascending. */
  time(columns: ScoreColumns, sizes: readonly number[]): Promise<Latency[]>;
  /** Seconds that the model itself has run so far, in all questions that it has answered. */
  seconds(): number;
  /** Most bytes of memory that its process has held so far, the runtime included; null where the system does not tell. */
  peakMemory(): Promise<number | null>;
  /** May be called more than once. */
  close(): Promise<void>;
};

/**
 * Runs an ONNX file that nobody vouches for. Throws `model-not-onnx`, `model-refused`, `model-timeout`, `model-memory`,
 * `model-crashed` or `provider-missing`.
 */
export type Scorer = {
  describe(modelPath: string): Promise<ModelDescription>;
  /** Several models may be open at once; questions to any of them are answered one after the other. */
  open(modelPath: string): Promise<OpenModel>;
};
