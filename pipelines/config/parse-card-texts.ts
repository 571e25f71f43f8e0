import { type CardText, cardTextsSchema } from '../contracts/card-texts.ts';
import { parseYaml } from './parse-yaml.ts';

/** Beside `pulltrain.yml`. */
export const cardFile = 'model-card.yml';

/** What people wrote of one model; null when the file says nothing of it. Throws `ConfigInvalid` with every fault and its line. */
export function parseCardTexts(text: string, model: string): CardText | null {
  const { models } = parseYaml(text, cardFile, cardTextsSchema);
  return Object.hasOwn(models, model) ? (models[model] ?? null) : null;
}
