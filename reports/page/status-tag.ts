import type { Status } from '../../pipelines/contracts/common.ts';
import { type Html, html } from './html.ts';

/** Signs and words: a status is never told by its colour alone. */
export const statusWords: Readonly<Record<Status, { sign: string; word: string }>> = {
  pass: { sign: '✓', word: 'passes' },
  inconclusive: { sign: '?', word: 'undecided' },
  fail: { sign: '✕', word: 'fails' },
  error: { sign: '!', word: 'error' },
};

export function statusTag(status: Status): Html {
  const { sign, word } = statusWords[status];
  return html`<span class="tag ${status}"><span class="mark" aria-hidden="true">${sign}</span>${word}</span>`;
}
