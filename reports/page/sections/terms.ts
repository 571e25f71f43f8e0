import { html } from '../html.ts';
import type { Section } from '../section.ts';
import type { Subject } from '../subject.ts';

/** The words of the page for somebody who sees it for the first time. */
export function termsSection({ head, comparison, judgement }: Subject): Section[] {
  const conventions = Object.entries(head?.conventions ?? {}).slice(0, 40);
  const terms: [string, string][] = [
    ['Head and base', 'The model of this pull request, and the model that would be shipped without it.'],
    ['Holdout', 'Rows that judge. Neither model was trained on them, and the pull request cannot change them.'],
    [
      '95 % interval',
      'Where the number would lie with other rows of the same kind, in 95 of 100 cases. A change whose interval includes 0 may be chance.',
    ],
    ...(comparison === null
      ? []
      : ([
          [
            'Paired',
            'Base and head are compared row by row on the same rows, so that what is hard for both does not blur the change.',
          ],
        ] as [string, string][])),
    ...(judgement === null
      ? []
      : ([
          ['Gate', 'A rule of the default branch that turns a number into a result. The worst result is the verdict.'],
          ['Undecided', 'The rows are too few to say whether the rule holds: the decision is the reviewer’s.'],
        ] as [string, string][])),
    ...conventions.map(([name, text]): [string, string] => [name, text]),
  ];
  const body = html`<dl class="terms">${terms.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`;
  return [{ id: 'terms', title: 'Words', body }];
}
