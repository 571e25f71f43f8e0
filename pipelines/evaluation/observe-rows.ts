import type { ModelConfig } from '../config/schema.ts';
import type { OpenModel } from '../ports/scorer.ts';
import type { Tables } from '../ports/tables.ts';
import type { LoadedHoldout } from './load-holdout.ts';
import { type ObservedInputs, observeInputs } from './observe-inputs.ts';
import { openInputs } from './open-inputs.ts';

/** What the inputs of a model are in some rows of the holdout, in their order. Throws what `openInputs` throws. */
export async function observeRows(
  rows: Uint32Array,
  { model, policy, loaded }: { model: OpenModel; policy: ModelConfig; loaded: LoadedHoldout },
  tables: Tables,
): Promise<ObservedInputs> {
  const inputs = await openInputs(model.description.inputs, loaded, policy, tables);
  const { batches, observed } = observeInputs(inputs.batches(), rows);
  for await (const _ of batches);
  return observed();
}
