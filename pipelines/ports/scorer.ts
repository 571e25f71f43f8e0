/** A tensor of a model: its element type in ONNX Runtime's words and its shape, -1 where the size is free. */
export type ModelTensor = { name: string; type: string; shape: number[] };

export type ModelDescription = {
  inputs: ModelTensor[];
  outputs: ModelTensor[];
  /** Hex digest and size in bytes of exactly the bytes that were opened. */
  sha256: string;
  size: number;
};

/** One value per row; numbers for numeric and bool inputs, text for string inputs. */
export type ScoreColumns = Record<string, Float64Array | readonly string[]>;

export type ReadColumns = (inputs: readonly ModelTensor[]) => Promise<ScoreColumns>;

export type ScoreResult = ModelDescription & {
  /** One per row, in row order: the probability of the positive class, or the predicted value. */
  scores: Float64Array;
  loadMs: number;
  rowsPerSecond: number;
  /** Milliseconds of a call with one row. */
  latencyP50Ms: number;
  latencyP95Ms: number;
};

/**
 * Runs an ONNX file that nobody vouches for. Throws `model-not-onnx`, `model-refused`, `model-inputs-mismatch`,
 * `model-output-invalid`, `model-timeout`, `model-memory` or `model-crashed`.
 */
export type Scorer = {
  describe(modelPath: string): Promise<ModelDescription>;
  /** `read` is asked for the columns of the model's inputs. `probability`: every score must lie in 0..1. */
  score(modelPath: string, read: ReadColumns, options: { probability: boolean }): Promise<ScoreResult>;
};
