import type { ChangedLine, Judgement } from '../pipelines/contracts/judgement.ts';
import type { Parameter } from '../pipelines/contracts/run-record.ts';
import type { GateResult } from '../pipelines/contracts/verdict.ts';
import { verdictHeadline } from './describe-verdict.ts';
import { plainLine } from './escape-markdown.ts';

/** A remark beside a line of the pull request. GitHub shows its texts as they are, so they are plain. */
export type CheckAnnotation = {
  path: string;
  line: number;
  level: 'notice' | 'warning' | 'failure';
  title: string;
  message: string;
};

/** GitHub takes as many at once. */
const most = 50;

/** What a reviewer should know beside the lines that matter: parameters that changed, policy not obeyed, gates that did not pass. */
export function annotateCheck(judgement: Judgement): CheckAnnotation[] {
  const lines = judgement.evaluated.changedLines ?? [];
  return lines.flatMap((line) => annotate(line, judgement)).slice(0, most);
}

function annotate(changed: ChangedLine, judgement: Judgement): CheckAnnotation[] {
  const { file, line, kind, name } = changed;
  const remark =
    kind === 'parameter'
      ? parameterRemark(name, judgement)
      : kind === 'policy'
        ? policyRemark(name)
        : gateRemark(name, judgement.verdict.gates);
  return remark === null
    ? []
    : [{ path: file, line, ...remark, title: plainLine(remark.title, 200), message: plainLine(remark.message, 1000) }];
}

type Remark = Pick<CheckAnnotation, 'level' | 'title' | 'message'>;

function parameterRemark(name: string, judgement: Judgement): Remark | null {
  const change = judgement.evaluated.parameterChanges.find((one) => one.name === name);
  if (change === undefined) return null;
  const before = change.base === null ? 'is new' : `was ${show(change.base)}`;
  return {
    level: 'notice',
    title: `${name} ${before}, is ${show(change.head)}`,
    message: `Trained with this: ${verdictHeadline(judgement)}.`,
  };
}

function policyRemark(name: string): Remark {
  return {
    level: 'warning',
    title: `Policy edit, not obeyed here: ${name}`,
    message:
      'This pull request is judged by the policy of the default branch. The edit counts once it is merged, so review it as a change of the rules.',
  };
}

function gateRemark(name: string, gates: readonly GateResult[]): Remark | null {
  const gate = gates.find((one) => one.gate === name);
  if (gate === undefined || gate.status === 'pass') return null;
  const fails = gate.status === 'fail' && !gate.informational;
  return {
    level: fails ? 'failure' : 'warning',
    title: `${name}: ${gate.status === 'inconclusive' ? 'cannot be decided' : gate.status === 'fail' ? 'fails' : 'error'}`,
    message: gate.message,
  };
}

function show(value: Parameter): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
