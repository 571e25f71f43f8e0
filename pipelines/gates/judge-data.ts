import type { Gate } from '../config/gate-schema.ts';
import type { RunRecord } from '../contracts/run-record.ts';
import { judgeLimit } from './judge-limit.ts';
import { type Judged, unmeasured } from './judged.ts';

export type DataGate = Extract<Gate, { data: string }>;

/** What `data.validate` found in the tables of the run, as the training job reports it. */
export function judgeData(gate: DataGate, run: RunRecord | null | undefined): Judged {
  if (run == null) return unmeasured('error', 'there is no run record to read the validation from', gate.max);
  const { validations = [] } = run;
  if (validations.length === 0) {
    return unmeasured('inconclusive', 'no table of this run was validated: name them in data.validate', gate.max);
  }
  const count = validations.reduce((sum, validation) => sum + validation[gate.data], 0);
  const broken = validations.filter((validation) => validation[gate.data] > 0);
  const where = broken.map(({ data, ...counts }) => `${data} ${counts[gate.data]}`).join(', ');
  const judged = judgeLimit({ name: gate.data, value: count, interval: null, n: null }, gate);
  const tables = `${validations.length} ${validations.length === 1 ? 'table' : 'tables'}`;
  return {
    ...judged,
    reported: true,
    message: `${count} ${gate.data} in ${tables}, allowed ${gate.max}${where === '' ? '' : `: ${where}`}`,
  };
}
