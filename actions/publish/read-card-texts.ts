import { warning } from '@actions/core';
import { ConfigInvalid } from '../../pipelines/config/config-invalid.ts';
import { cardFile, parseCardTexts } from '../../pipelines/config/parse-card-texts.ts';
import type { CardText } from '../../pipelines/contracts/card-texts.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';

/** What people wrote for the card of a model. A file with faults stops no release: the card then says what is missing. */
export async function readCardTexts(tree: SourceTree, model: string): Promise<CardText | null> {
  const bytes = await tree.read(cardFile);
  if (bytes === null) return null;
  try {
    return parseCardTexts(new TextDecoder().decode(bytes), model);
  } catch (thrown) {
    if (!(thrown instanceof ConfigInvalid)) throw thrown;
    warning(`${cardFile} is left out of the model card: ${thrown.message}`);
    return null;
  }
}
