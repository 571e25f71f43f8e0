import type { ModelConfig } from '../../pipelines/config/schema.ts';

/**
 * The policy by which trials are measured: the rows of `sweep.validation` in place of the holdout, and nothing but the
 * primary metric. Null when the default branch declares no such rows.
 */
export function validationPolicy(policy: ModelConfig): ModelConfig | null {
  const validation = policy.sweep?.validation;
  if (validation === undefined) return null;
  const { window: _window, fold: _fold, ...holdout } = policy.holdout;
  return {
    ...policy,
    holdout: {
      ...holdout,
      data: validation.data,
      ...(validation.window === undefined ? {} : { window: validation.window }),
    },
    metrics: { primary: policy.metrics.primary, also: [] },
    slices: [],
    protected: [],
  };
}
