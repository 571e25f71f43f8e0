import type { ConfigInvalid } from '../../pipelines/config/config-invalid.ts';
import type { Change } from '../../pipelines/contracts/change.ts';
import type { Evaluated } from '../../pipelines/contracts/judgement.ts';
import { nameModel } from '../name-model.ts';
import { configProblems } from './config-problems.ts';
import type { EvaluateRequest } from './main.ts';

/**
 * What is handed over while the configuration of the default branch has faults: nothing is measured, and every fault is
 * told. Throws the fault itself when not even the model can be named.
 */
export async function withoutPolicy(
  fault: ConfigInvalid,
  change: Change,
  request: EvaluateRequest,
  artifact: Evaluated['artifact'],
): Promise<Evaluated> {
  const model = await nameModel(request.checkout, request.commit, request);
  if (model === null) throw fault;
  return {
    kind: 'evaluated',
    version: 1,
    model,
    change,
    policyCommit: request.commit,
    key: null,
    run: null,
    artifact,
    base: { rung: 'none', tag: null, commit: null, sha256: null },
    baseEvaluation: null,
    headEvaluation: null,
    policyChanges: [],
    parameterChanges: [],
    dataChanges: [],
    problems: configProblems(fault, 'the default branch'),
  };
}
