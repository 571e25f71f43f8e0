import type { Status } from '../contracts/common.ts';
import type { RunRecord } from '../contracts/run-record.ts';

/** A run that somebody can be asked about: of this machine, or kept by the ledger of the repository. */
export type KnownRun = {
  /** Id of a run of this machine; `<model>/<12 digits of the head commit>` of the ledger. */
  id: string;
  origin: 'local' | 'ledger';
  record: RunRecord;
  pull: number | null;
  verdict: Status | null;
  /** Metrics that the trusted side measured, by name. */
  verified: Record<string, number>;
};
