import { isScalar, parseDocument } from 'yaml';
import type { ModelConfig } from '../config/schema.ts';
import { PulltrainError } from '../errors.ts';

/**
 * The text of `pulltrain.yml` with the next part of a model's holdout in use, every other byte as it was. Throws
 * `holdout-has-no-parts` or `holdout-parts-used`, which say what to do instead.
 */
export function rotateFold(
  text: string,
  { name, holdout }: { name: string; holdout: Pick<ModelConfig['holdout'], 'data' | 'fold'> },
): { text: string; use: number; of: number } {
  const { fold, data } = holdout;
  const fresh = `Add labelled rows that have judged nothing yet to ${data} (pulltrain data add) and open a pull request with its pointer`;
  if (fold === undefined) {
    throw new PulltrainError('holdout-has-no-parts', {
      what: 'all rows of the holdout judge, so there is no other part of them to go on with',
      where: `${name}, holdout`,
      cure: `${fresh}; with holdout.fold some of them are kept for later. A window moves along by itself when newer rows come.`,
    });
  }
  if (fold.use >= fold.of) {
    throw new PulltrainError('holdout-parts-used', {
      what: `part ${fold.use} is the last of ${fold.of}`,
      where: `${name}, holdout.fold`,
      cure: `${fresh}, and begin at part 1 again.`,
    });
  }
  const node = parseDocument(text).getIn(['models', name, 'holdout', 'fold', 'use'], true);
  if (!isScalar(node) || node.range === null || node.range === undefined) {
    throw new PulltrainError('holdout-has-no-parts', {
      what: 'holdout.fold.use is not written there as a number of its own',
      where: `${name}, holdout.fold`,
      cure: `Change it to ${fold.use + 1} by hand.`,
    });
  }
  const [start, end] = node.range;
  return { text: `${text.slice(0, start)}${fold.use + 1}${text.slice(end)}`, use: fold.use + 1, of: fold.of };
}
