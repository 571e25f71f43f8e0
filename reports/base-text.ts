import type { BaseChoice } from '../pipelines/contracts/judgement.ts';
import { codeSpan } from './code-span.ts';
import { escapeMarkdown, plainLine } from './escape-markdown.ts';

/** Characters of a reason in a line that also says everything else. */
const LONGEST = 200;

/** How names and sentences from outside are written. */
type Wording = { code(name: string): string; text(sentence: string, longest: number): string };
const markdown: Wording = { code: codeSpan, text: escapeMarkdown };
/** For whoever escapes the whole. */
export const plainWording: Wording = { code: (name) => plainLine(name), text: plainLine };

/** What the candidate was compared with, which rung of the ladder gave it, and why no higher one did. */
export function baseText(base: BaseChoice, { code, text }: Wording = markdown): string {
  const commit = base.commit === null ? '' : ` (${code(base.commit.slice(0, 7))})`;
  const name = base.tag !== null ? ` ${code(base.tag)}` : base.pull === undefined ? '' : `: the model of #${base.pull}`;
  const why = whyOf(base, text);
  switch (base.rung) {
    case 'merge-base':
      return `Base${name}${commit}, what the merge-base ships`;
    case 'ancestor': {
      const commits = base.distance === 1 ? 'the commit' : `${base.distance ?? 'some'} commits`;
      return `Base${name}${commit}, from ${commits} before the merge-base${why}`;
    }
    case 'release':
      return `Base${name}${commit}, the newest release that the merge-base contains${why}`;
    case 'none':
      return `Base: none${why}`;
  }
}

/** The reason why the highest rung did not give the base; the others follow from it. */
function whyOf({ skipped = [] }: BaseChoice, text: Wording['text']): string {
  const [first] = skipped;
  return first === undefined ? '' : ` (${text(first.reason, LONGEST)})`;
}
