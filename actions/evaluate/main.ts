import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import { fetchLedger } from '../../adapters/ledger/fetch-ledger.ts';
import { openScorer } from '../../adapters/onnx/open-scorer.ts';
import { ConfigInvalid } from '../../pipelines/config/config-invalid.ts';
import type { Change } from '../../pipelines/contracts/change.ts';
import type { DataDiff } from '../../pipelines/contracts/data-diff.ts';
import type { BaseChoice, Evaluated } from '../../pipelines/contracts/judgement.ts';
import { loadHoldout } from '../../pipelines/evaluation/load-holdout.ts';
import type { TrustedJob } from '../open-trusted-job.ts';
import { allDone } from './all-done.ts';
import { checkClaims } from './check-claims.ts';
import { collectProblems } from './collect-problems.ts';
import { diffDatasets } from './diff-datasets.ts';
import { evaluateBoth } from './evaluate-both.ts';
import { fetchBase } from './fetch-base.ts';
import { fetchHoldout } from './fetch-data.ts';
import { findChange } from './find-change.ts';
import { lookForLeaks } from './look-for-leaks.ts';
import { openHistory } from './open-history.ts';
import type { TrainingRun } from './parse-event.ts';
import { type DefaultBranch, readDefaultBranch } from './read-default-branch.ts';
import { readRunRecord } from './read-run-record.ts';
import { readWear } from './read-wear.ts';
import { traceChange } from './trace-change.ts';
import { withoutPolicy } from './without-policy.ts';

export type EvaluateRequest = TrustedJob['place'] & TrainingRun & { model: string; runDirectory: string };

export type EvaluatePorts = { github: GitHub; say(line: string): void };

/** The artifact that the train workflow hands over. */
const runArtifact = 'pulltrain-run';

/**
 * Journey "experiment", second step, on the trusted side:
 *
 * 1. which pull request was trained, found by API
 * 2. policy, pointers and the present run from the default branch
 * 3. what the pull request really is: key, parameters, data, policy edits
 * 4. what the training job says about itself
 * 5. the holdout, and the model that the merge-base would ship
 * 6. both models on the same rows, and what the pull request changes in the rows they learn from
 * 7. one document for the report, whatever went wrong on the way
 */
export async function main(
  request: EvaluateRequest,
  { github, say }: EvaluatePorts,
): Promise<{ directory: string; status: 'ok' | 'error' | 'superseded' }> {
  const change = await findChange(github, request);
  if (change === null) {
    say(
      `No open pull request into the default branch stands at ${request.headSha}: it was closed or has moved on, so nothing is judged.`,
    );
    return { directory: '', status: 'superseded' };
  }
  const branch = await readDefaultBranch(request.checkout, request.commit, request).catch((thrown: unknown) => {
    if (thrown instanceof ConfigInvalid) return thrown;
    throw thrown;
  });
  const artifact = { runId: request.runId, name: runArtifact };
  const evaluated =
    branch instanceof ConfigInvalid
      ? await withoutPolicy(branch, change, request, artifact)
      : await evaluateChange({ change, branch, artifact }, request, { github, say });
  const directory = handOver(request, evaluated.model);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'evaluated.json'), `${JSON.stringify(evaluated, null, 2)}\n`);
  // One line each: what a pull request wrote must not start a line of the log, where it could be a command.
  for (const { code, message } of evaluated.problems) say(`${code}: ${message.replace(/\s+/g, ' ')}`);
  return { directory, status: evaluated.problems.length === 0 ? 'ok' : 'error' };
}

/** Where everything for the report is gathered. */
function handOver({ temporary, runId }: EvaluateRequest, model: string): string {
  return join(temporary, `pulltrain-evaluated-${runId}-${model}`);
}

const noBase: BaseChoice = { rung: 'none', tag: null, commit: null, sha256: null };

async function evaluateChange(
  { change, branch, artifact }: { change: Change; branch: DefaultBranch; artifact: Evaluated['artifact'] },
  request: EvaluateRequest,
  { github, say }: EvaluatePorts,
): Promise<Evaluated> {
  const { owner, repo, checkout, token, runDirectory, temporary } = request;
  const { name: model, policy } = branch;
  const problems = collectProblems();
  const folder = await mkdtemp(join(temporary, 'pulltrain-evaluate-'));
  const directory = handOver(request, model);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const tables = await openTables({ temporaryDirectory: join(folder, 'duckdb') });
  try {
    const load = async () => {
      const { file, integrity } = await fetchHoldout(policy.holdout.data, branch.pointers, {
        remote: request.holdoutRemote,
        folder,
      });
      return loadHoldout({ policy, file, dataIntegrity: integrity }, tables);
    };
    const [ledger, traced, run, loaded, scorer] = await allDone([
      fetchLedger(checkout, { folder, token }),
      problems.attempt(async (add) => {
        const found = await traceChange(change, branch, { checkout, token, configFile: request.config });
        add(found.problems);
        return found;
      }),
      problems.attempt(() => readRunRecord(runDirectory, model)),
      problems.attempt(load),
      openScorer(),
    ]);
    const key = traced?.identity.key ?? null;
    if (run !== null) problems.add(...checkClaims(run, traced?.identity ?? null));
    const { choice, base } = (await problems.attempt(() =>
      fetchBase(
        { owner, repo, model, pull: change.pull, mergeBase: traced?.base ?? null, baseSha: change.baseSha, folder },
        { github, ledger, ...openHistory(branch, request) },
      ),
    )) ?? { choice: noBase, base: null };
    say(
      `Pull request #${change.pull} against ${base?.name ?? 'no base'} (${choice.rung}), ${loaded?.holdout.rows ?? 0} rows of holdout`,
    );
    for (const { rung, reason } of choice.skipped ?? []) say(`Not ${rung}: ${reason.replace(/\s+/g, ' ')}`);

    if (scorer.enclosure !== 'closed')
      say(`This machine cannot close in the process that opens the models: ${scorer.enclosure}.`);
    let compared: Promise<DataDiff[]> | undefined;
    const compare = () => {
      const place = { remote: request.dataRemote, folder, label: policy.holdout.target, enclosure: scorer.enclosure };
      compared ??= traced === null ? Promise.resolve([]) : diffDatasets(traced, place, say);
      return compared;
    };
    const looked = { policy, traced, loaded, base, folder, dataRemote: request.dataRemote };
    const { seenRows, warnings } = await lookForLeaks(looked, tables, problems);
    const evaluations = await evaluateBoth(
      { ...looked, model, run, runDirectory, directory },
      { tables, scorer, timed: () => void compare().catch(() => {}) },
      problems,
    );
    const dataDiffs = await compare();
    const worn = await readWear({ head: evaluations.head, holdout: policy.holdout }, ledger);
    return {
      kind: 'evaluated',
      version: 1,
      model,
      change,
      policyCommit: request.commit,
      key,
      run,
      artifact,
      base: choice,
      baseEvaluation: evaluations.base,
      headEvaluation: evaluations.head,
      policyChanges: traced?.policyChanges ?? [],
      parameterChanges: traced?.parameterChanges ?? [],
      changedLines: traced?.changedLines ?? [],
      dataChanges: traced?.dataChanges ?? [],
      featureChanges: traced?.featureChanges.slice(0, 200) ?? [],
      dataDiffs,
      ...(worn === null ? {} : { wear: worn.wear }),
      seenRows,
      warnings: [...warnings, ...evaluations.warnings, ...(worn?.warnings ?? []), ...(traced?.warnings ?? [])].slice(
        0,
        50,
      ),
      problems: problems.found,
    };
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}
