import type { Status } from '../pipelines/contracts/common.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { escapeMarkdown, plainLine } from './escape-markdown.ts';
import { findWorsened } from './find-worsened.ts';

/** Things that became worse and are named; more are counted. */
const MOST = 4;

/** What a reviewer is to make of the verdict: what to do, and why. Plain texts. */
export type Decision = { call: string; why: string };

/** The decision as markdown, in a line under the heading: merge or not, by how many gates, and what to know. */
export function decisionLine(judgement: Judgement): string {
  const { call, why } = decide(judgement);
  const line = `**${call}**: ${why}`;
  const worsened = worsenedLine(judgement);
  if (worsened === null) return line;
  const { words, list } = worsened;
  return `${line} ${words.replace(/worse/i, '**$&**')}: ${escapeMarkdown(list, 2000)}.`;
}

/** What became worse although no gate stops it; null when nothing did. Plain texts. */
export function worsenedLine(judgement: Judgement): { words: string; list: string } | null {
  const worsened = findWorsened(judgement);
  if (worsened.length === 0) return null;
  const named = worsened.slice(0, MOST).map(({ name, movement }) => `${plainLine(name)} ${movement}`);
  const more = worsened.length > MOST ? ` and ${worsened.length - MOST} more` : '';
  const words =
    judgement.verdict.status === 'pass' ? 'Worse than base, within what is allowed' : 'Also worse than base';
  return { words, list: `${named.join('; ')}${more}` };
}

export function decide({ verdict, evaluated }: Judgement): Decision {
  const gates = verdict.gates.filter(({ informational }) => !informational);
  const count = (status: Status) => gates.filter((gate) => gate.status === status).length;
  const all = gates.length;
  switch (verdict.status) {
    case 'pass':
      if (all === 0) return { call: 'Can be merged', why: 'no gate says otherwise, because none is declared.' };
      return { call: 'Can be merged', why: all === 1 ? 'the one gate passes.' : `all ${all} gates pass.` };
    case 'inconclusive':
      return {
        call: 'Your decision',
        why: `${count('inconclusive')} of ${all} gates cannot be decided on these rows, and none fails. The check is neutral and blocks nothing.`,
      };
    case 'fail':
      return {
        call: 'Should not be merged',
        why: `${count('fail')} of ${all} ${all === 1 ? 'gate' : 'gates'} ${count('fail') === 1 ? 'fails' : 'fail'}.`,
      };
    case 'error':
      return {
        call: 'Should not be merged',
        why:
          evaluated.problems.length === 0
            ? 'nothing was handed over that could be measured.'
            : 'nobody knows how good it is. To be cured first:',
      };
  }
}
