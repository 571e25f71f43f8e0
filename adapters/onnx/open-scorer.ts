import type { Scorer } from '../../pipelines/ports/scorer.ts';
import type { Provider } from './child-protocol.ts';
import type { Enclosure } from './enclosure.ts';
import { findEnclosure } from './find-enclosure.ts';
import { openModel } from './open-model.ts';
import { openTurns } from './open-turns.ts';
import type { ChildLimits } from './start-child.ts';

export type ScorerLimits = ChildLimits & {
  /** Bytes of a model file. */
  file: number;
};

export type ScorerOptions = ScorerLimits & { provider: Provider };

const usual: ScorerOptions = {
  time: 300_000,
  total: 3_600_000,
  memory: 4 * 2 ** 30,
  file: 2 ** 30,
  provider: 'cpu',
};

/**
 * A scorer that opens every file in a process of its own. Several may be started at once and load at the same time; they
 * are asked one after the other, so that latencies are taken under the same conditions. `enclosure` says
 * what those processes are kept from. With `cuda` models run on the GPU, and are refused where there is none.
 */
export async function openScorer(options: Partial<ScorerOptions> = {}): Promise<Scorer & { enclosure: Enclosure }> {
  const all = { ...usual, ...options };
  const enclosure = await findEnclosure();
  const takeTurn = openTurns();
  const open = (path: string) => openModel(path, all, { enclosure, takeTurn });
  return {
    enclosure,
    open,
    async describe(modelPath) {
      const { description, close } = await open(modelPath);
      await close();
      return description;
    },
  };
}
