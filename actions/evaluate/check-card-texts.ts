import { ConfigInvalid } from '../../pipelines/config/config-invalid.ts';
import { cardFile, parseCardTexts } from '../../pipelines/config/parse-card-texts.ts';
import type { Problem } from '../../pipelines/contracts/judgement.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';

/** Faults of what people wrote for the model card: none stops a merge, and after it a release would lack the text. */
export async function checkCardTexts(tree: SourceTree, model: string): Promise<Problem[]> {
  const bytes = await tree.read(cardFile);
  if (bytes === null) return [];
  try {
    parseCardTexts(new TextDecoder().decode(bytes), model);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ConfigInvalid)) throw thrown;
    return thrown.faults.map(({ line, column, path, message }) => ({
      code: thrown.code,
      message: `${cardFile}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}; a release would go without the text`,
    }));
  }
}
