import { type Html, html } from './html.ts';

/** A part of the page; the navigation lists it by its title. */
export type Section = { id: string; title: string; body: Html };

export function renderSection({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${body}
</section>
`;
}
