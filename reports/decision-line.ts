import type { Status } from '../pipelines/contracts/common.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { findWorsened } from './find-worsened.ts';

/** Things that became worse and are named; more are counted. */
const MOST = 4;

/** What a reviewer is to make of the verdict, in a line under its heading: merge or not, by how many gates, and what to know. */
export function decisionLine(judgement: Judgement): string {
  const worsened = findWorsened(judgement);
  if (worsened.length === 0) return decision(judgement);
  const named = worsened.slice(0, MOST).map(({ name, movement }) => `${escapeMarkdown(name)} ${movement}`);
  const more = worsened.length > MOST ? ` and ${worsened.length - MOST} more` : '';
  const words =
    judgement.verdict.status === 'pass' ? '**Worse** than base, within what is allowed' : 'Also **worse** than base';
  return `${decision(judgement)} ${words}: ${named.join('; ')}${more}.`;
}

function decision({ verdict, evaluated }: Judgement): string {
  const gates = verdict.gates.filter(({ informational }) => !informational);
  const count = (status: Status) => gates.filter((gate) => gate.status === status).length;
  const all = gates.length;
  switch (verdict.status) {
    case 'pass':
      if (all === 0) return '**Can be merged**: no gate says otherwise, because none is declared.';
      return all === 1 ? '**Can be merged**: the one gate passes.' : `**Can be merged**: all ${all} gates pass.`;
    case 'inconclusive':
      return `**Your decision**: ${count('inconclusive')} of ${all} gates cannot be decided on these rows, and none fails. The check is neutral and blocks nothing.`;
    case 'fail':
      return `**Should not be merged**: ${count('fail')} of ${all} ${all === 1 ? 'gate' : 'gates'} ${count('fail') === 1 ? 'fails' : 'fail'}.`;
    case 'error':
      return evaluated.problems.length === 0
        ? '**Should not be merged**: nothing was handed over that could be measured.'
        : '**Should not be merged**: nobody knows how good it is. To be cured first:';
  }
}
