import type { HoldoutUse } from '../contracts/holdout-wear.ts';
import type { Judgement, RunEntry } from '../contracts/judgement.ts';
import { integrityHex, integrityOfDocument } from '../integrity.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import { usePath } from '../wear/use-path.ts';
import { checkName } from './check-name.ts';
import type { CheckResult, PlannedAction } from './planned-action.ts';

export type JudgementFacts = {
  judgement: Judgement;
  /** Run of the judge workflow, whose artifact the judgement was in. */
  judgeRunId: number;
  /** The pull request as it stands now. */
  pull: { headSha: string; open: boolean };
  /** What the ledger already has for this model and head. */
  recorded: Judgement | null;
  /** The default branch has had another policy or holdout since the commit that judged. */
  outdated: boolean;
};

/** How the judgement looks to people; made by `reports`. */
export type JudgementViews = { marker: string; comment: string; check: CheckResult };

export const judgementArtifact = 'pulltrain-judgement';

/**
 * What follows from a judgement: records always, views only while the pull request still stands where it was judged.
 * A judgement older than the recorded one of the same head changes nothing. One by a policy that counts no more is never
 * recorded, so that nothing is released by it: a judge run that is run again takes the policy of its day along.
 */
export function planJudgement(facts: JudgementFacts, views: JudgementViews): PlannedAction[] {
  const { judgement, recorded } = facts;
  const { change } = judgement.evaluated;
  if (facts.outdated) return recorded === null && isCurrent(facts) ? [refuseOutdated(judgement, views)] : [];
  if (recorded !== null && isLater(recorded.judgedAt, judgement.judgedAt)) return [];
  const actions: PlannedAction[] = [recordAction(facts)];
  if (!isCurrent(facts)) return actions;
  return [
    ...actions,
    { do: 'upsert-comment', issue: change.pull, marker: views.marker, body: views.comment },
    { do: 'complete-check', name: checkName(judgement.model), headSha: change.headSha, result: views.check },
  ];
}

function isCurrent({ judgement, pull }: JudgementFacts): boolean {
  return pull.open && pull.headSha === judgement.evaluated.change.headSha;
}

function refuseOutdated({ model, evaluated }: Judgement, { check }: JudgementViews): PlannedAction {
  const { change, policyCommit } = evaluated;
  return {
    do: 'complete-check',
    name: checkName(model),
    headSha: change.headSha,
    result: {
      conclusion: 'failure',
      title: 'Judged by an outdated policy',
      summary: `[This run](${check.detailsUrl}) judged by the policy and the holdout at ${policyCommit.slice(0, 7)}, and the default branch has others now. Run the Train workflow of this commit again, or push: then the policy in force judges.`,
      text: null,
      detailsUrl: check.detailsUrl,
      externalId: null,
    },
  };
}

export function judgementPath(model: string, headSha: string): string {
  return `judgements/${model}/${headSha}.json`;
}

/** Ledger folder in which finished runs are found again by what went in. */
export function runFolder(key: string): string {
  return `runs/${integrityHex(key).slice(0, 64)}`;
}

/** Ledger path of one of them. The head is part of it: a pull request must not replace what another one was judged by. */
export function runPath(key: string, headSha: string): string {
  return `${runFolder(key)}/${headSha}.json`;
}

function isLater(left: string, right: string): boolean {
  return Date.parse(left) > Date.parse(right);
}

function recordAction({ judgement, judgeRunId }: JudgementFacts): PlannedAction {
  const { change, key, headEvaluation, artifact } = judgement.evaluated;
  const path = judgementPath(judgement.model, change.headSha);
  const entries: LedgerEntry[] = [{ path, document: judgement }, ...useEntries(judgement)];
  if (key !== null && headEvaluation !== null) {
    const entry: RunEntry = {
      kind: 'run-entry',
      version: 1,
      model: judgement.model,
      key,
      sha256: headEvaluation.sha256,
      status: judgement.verdict.status,
      artifact,
      evidence: { runId: judgeRunId, name: judgementArtifact },
      judgement: { path, integrity: integrityOfDocument(judgement) },
      pull: change.pull,
      headSha: change.headSha,
      // The judgement's own time, so that recording it twice writes the same bytes.
      recordedAt: judgement.judgedAt,
    };
    entries.push({ path: runPath(key, change.headSha), document: entry });
  }
  const subject = `Record ${judgement.verdict.status} of ${judgement.model} in #${change.pull}`;
  return { do: 'write-ledger', entries, message: `${subject} at ${change.headSha.slice(0, 7)}` };
}

/** That these rows have judged these predictions; nothing for those of the base, of which the rows have told already. */
function useEntries({ model, evaluated, comparison, judgedAt }: Judgement): LedgerEntry[] {
  const { change, headEvaluation } = evaluated;
  if (headEvaluation === null || comparison?.identical === true) return [];
  const use: HoldoutUse = {
    kind: 'holdout-use',
    version: 1,
    holdout: headEvaluation.holdout.integrity,
    predictions: headEvaluation.predictions.integrity,
    model,
    sha256: headEvaluation.sha256,
    pull: change.pull,
    headSha: change.headSha,
    on: judgedAt.slice(0, 10),
  };
  return [{ path: usePath(use), document: use }];
}
