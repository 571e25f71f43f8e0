import type { GateResult } from '../contracts/verdict.ts';

/** What one rule found, before it is given its name. */
export type Judged = Pick<GateResult, 'status' | 'observed' | 'limit' | 'low' | 'high' | 'n' | 'message'>;
