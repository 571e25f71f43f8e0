import type { LedgerEntry } from '../ports/ledger.ts';

/** A remark beside a line of a file of the pull request. All texts are plain. */
export type CheckAnnotation = {
  path: string;
  line: number;
  level: 'notice' | 'warning' | 'failure';
  title: string;
  message: string;
};

/** What a check run shows when it ends. */
export type CheckResult = {
  conclusion: 'success' | 'neutral' | 'failure';
  title: string;
  summary: string;
  text: string | null;
  /** Fifty at most. */
  annotations?: readonly CheckAnnotation[];
  /** Page behind "Details". */
  detailsUrl: string | null;
  /** What the result was made from; null when there is nothing but the failure. */
  externalId: string | null;
};

/** One blob of a commit; `sha` names a blob that exists, null removes the path. */
export type TreeChange =
  | { path: string; content: string }
  | { path: string; sha: string | null; mode: '100644' | '100755' | '120000' };

/** A pull request of our own: one commit on a branch of its own. */
export type NewPullRequest = {
  branch: string;
  base: string;
  /** Commit the branch starts from. */
  from: string;
  message: string;
  title: string;
  body: string;
  label: string;
  changes: readonly TreeChange[];
};

/**
 * One thing to do on GitHub. Every action may be applied twice, unless it says otherwise: it finds what an earlier
 * application left, by a marker in the first line and by our authorship.
 */
export type PlannedAction =
  | { do: 'write-ledger'; entries: readonly LedgerEntry[]; message: string }
  | { do: 'begin-check'; name: string; headSha: string; title: string; summary: string }
  | { do: 'complete-check'; name: string; headSha: string; result: CheckResult }
  | { do: 'upsert-comment'; issue: number; marker: string; body: string }
  | { do: 'react'; comment: number; reaction: 'eyes' | 'rocket' | 'confused' | '-1' }
  | { do: 'open-issue'; title: string; body: string; label: string }
  | { do: 'update-issue'; issue: number; body: string; close: boolean }
  | { do: 'open-pull-request'; pull: NewPullRequest }
  /** Fails when the branch has moved from `from`. Not to be applied twice. */
  | { do: 'push-commit'; branch: string; from: string; message: string; changes: readonly TreeChange[] }
  /** Starts a workflow on a branch; twice when applied twice. */
  | { do: 'dispatch'; workflow: string; branch: string; inputs: Readonly<Record<string, string>> };
