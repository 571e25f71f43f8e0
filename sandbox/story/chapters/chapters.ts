import { betterModelFacts } from '../facts/better-model-facts.ts';
import type { FactView } from '../facts/fact-view.ts';
import { firstModelFacts } from '../facts/first-model-facts.ts';
import { retrainFacts } from '../facts/retrain-facts.ts';
import { worldMovesFacts } from '../facts/world-moves-facts.ts';
import { worseModelFacts } from '../facts/worse-model-facts.ts';
import type { Story } from '../story.ts';
import type { Fact } from '../timeline.ts';
import { playBetterModel } from './better-model.ts';
import { playFirstModel } from './first-model.ts';
import { playRetrain } from './retrain.ts';
import { playWorldMoves } from './world-moves.ts';
import { playWorseModel } from './worse-model.ts';

export type Chapter = { title: string; play(story: Story): Promise<void>; check(view: FactView): Promise<Fact[]> };

/** The story in order; chapter 1 comes first. */
export const chapters: readonly Chapter[] = [
  { title: 'First model', play: playFirstModel, check: firstModelFacts },
  { title: 'A better one', play: playBetterModel, check: betterModelFacts },
  { title: 'A worse one', play: playWorseModel, check: worseModelFacts },
  { title: 'The world moves', play: playWorldMoves, check: worldMovesFacts },
  { title: 'Retrain', play: playRetrain, check: retrainFacts },
];
