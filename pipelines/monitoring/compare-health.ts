import type { DriftFinding } from '../contracts/drift-report.ts';
import { finite, percent, tooFew } from './finding-text.ts';

/** Share of rows that may end in an error. */
const errorLimit = 0.01;

/** Whether the service answers: the share of rows of the window that ended in an error. */
export function compareHealth({ rows, errors }: { rows: number; errors: number }, minRows: number): DriftFinding {
  const n = rows + errors;
  const share = errors / n;
  const enough = n >= minRows;
  return {
    subject: 'errors',
    kind: 'health',
    measure: 'share of rows that ended in an error',
    observed: finite(share),
    threshold: errorLimit,
    reference: null,
    current: finite(share),
    n,
    status: enough ? (share > errorLimit ? 'fail' : 'pass') : 'inconclusive',
    message: enough
      ? `${percent(share)} of the rows ended in an error, ${percent(errorLimit)} tolerated`
      : tooFew('errors', n, minRows),
  };
}
