import { compareVerb } from './compare.ts';
import { dataVerb } from './data.ts';
import { driftVerb } from './drift.ts';
import { evaluateVerb } from './evaluate.ts';
import { runVerb } from './run.ts';
import { serveVerb } from './serve.ts';
import type { Verb } from './verb.ts';

/** Every verb of the command, in the order in which a newcomer meets them. */
export const verbs: readonly Verb[] = [runVerb, dataVerb, evaluateVerb, compareVerb, driftVerb, serveVerb];
