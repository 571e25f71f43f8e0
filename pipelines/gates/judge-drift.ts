import type { Gate } from '../config/gate-schema.ts';
import type { ColumnShift, DataDiff } from '../contracts/data-diff.ts';
import type { Evaluated } from '../contracts/judgement.ts';
import { judgeLimit } from './judge-limit.ts';
import { worstPart } from './judge-parts.ts';
import { type Judged, unmeasured } from './judged.ts';

type DriftGate = Extract<Gate, { drift: string }>;
type DriftInputs = Pick<Evaluated, 'base' | 'run' | 'dataChanges' | 'dataDiffs'>;

/**
 * How far the training data of the candidate lies from that of the base, column by column. Data that did not change has
 * not moved; data that changed and could not be compared leaves the gate undecided.
 */
export function judgeDrift(gate: DriftGate, { base, run, dataChanges, dataDiffs = [] }: DriftInputs): Judged {
  if (run === null) return unmeasured('error', 'there is no run record that names the training data', gate.max);
  if (base.rung === 'none') return unmeasured('pass', 'no base to compare with', gate.max);
  const used = new Set(run.sources.map(({ path }) => path));
  const changed = dataChanges.filter(({ path, head }) => head !== null && used.has(path));
  if (changed.length === 0) {
    return { ...unmeasured('pass', 'trained on the data of the base', gate.max), observed: 0 };
  }
  const blind = changed.filter(({ path }) => !dataDiffs.some(({ head }) => head.path === path));
  const unseen = blind.map(({ path, base: before }) => `${path} (${before === null ? 'new' : 'not compared'})`);
  const parts = dataDiffs.flatMap((diff) => partsOf(diff, gate));
  if (parts.length === 0) {
    const why = unseen.length > 0 ? unseen.join(', ') : 'no such column in both tables';
    return unmeasured('inconclusive', `the training data changed, and how far cannot be told: ${why}`, gate.max);
  }
  const judged = worstPart(parts, unseen);
  const unsure = judged.status === 'pass' && blind.some(({ base: before }) => before !== null);
  return unsure ? { ...judged, status: 'inconclusive' } : judged;
}

function partsOf({ head, shifts, sampled }: DataDiff, gate: DriftGate) {
  return shifts
    .filter(({ name }) => gate.columns === undefined || gate.columns.includes(name))
    .map((shift) => ({
      name: `${shift.name} of ${head.path}`,
      judged: judgeShift(shift, Math.min(...sampled), gate),
    }));
}

function judgeShift({ distance, noise, missing: [before, after] }: ColumnShift, n: number, gate: DriftGate): Judged {
  if (gate.drift === 'missing') {
    return judgeLimit({ name: 'change of missing values', value: Math.abs(after - before), interval: null, n }, gate);
  }
  const judged = judgeLimit({ name: 'distance', value: distance, interval: null, n }, gate);
  return distance > noise ? judged : { ...judged, message: `${judged.message}; chance alone explains it` };
}
