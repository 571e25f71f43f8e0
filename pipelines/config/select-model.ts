import { PulltrainError } from '../errors.ts';
import type { Config, ModelConfig } from './schema.ts';

/**
 * The model of that name, or the only one when no name is given (an empty name, as an action passes it, is none). Throws
 * `model-unknown` or `model-ambiguous`.
 */
export function selectModel(config: Config, name?: string): { name: string; model: ModelConfig } {
  const names = Object.keys(config.models);
  const wanted = name === undefined || name === '' ? undefined : name;
  if (wanted === undefined && names.length > 1) {
    throw new PulltrainError('model-ambiguous', {
      what: 'there is more than one model, and none was named',
      allowed: names.join(', '),
    });
  }
  const selected = wanted ?? names[0] ?? '';
  const model = Object.hasOwn(config.models, selected) ? config.models[selected] : undefined;
  if (model === undefined) {
    throw new PulltrainError('model-unknown', { what: 'no such model', seen: selected, allowed: names.join(', ') });
  }
  return { name: selected, model };
}
