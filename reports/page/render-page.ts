import type { DrawChart } from '../chart-theme.ts';
import type { Links } from '../links.ts';
import { type Html, html, nothing } from './html.ts';
import { htmlDocument } from './html-document.ts';
import { renderSection, type Section } from './section.ts';
import { classesSection } from './sections/classes.ts';
import { costSection } from './sections/cost.ts';
import { gatesSection } from './sections/gates.ts';
import { identityFacts } from './sections/identity.ts';
import { metricsSection } from './sections/metrics.ts';
import { drawGallery, galleries } from './sections/pictures.ts';
import { robustnessSection } from './sections/robustness.ts';
import { changesSection, runSection } from './sections/run.ts';
import { termsSection } from './sections/terms.ts';
import { verdictBanner } from './sections/verdict.ts';
import type { Subject } from './subject.ts';

/**
 * The whole report as one page that needs no network, no script and no other file. Every text goes through `html`, which
 * escapes it, and a content security policy lets the browser run nothing, whatever slipped through.
 */
export async function renderPage(subject: Subject, links: Links, draw: DrawChart): Promise<string> {
  const { model, judgement } = subject;
  const drawn = [];
  for (const gallery of galleries(subject)) drawn.push(await drawGallery(gallery, draw));
  const sections = [
    ...metricsSection(subject),
    ...classesSection(subject),
    ...drawn,
    ...robustnessSection(subject),
    ...costSection(subject),
    ...gatesSection(subject),
    ...changesSection(subject),
    ...runSection(subject, links),
    ...termsSection(subject),
  ];
  const title =
    judgement === null ? `${model}: evaluation` : `${model}, pull request ${judgement.evaluated.change.pull}`;
  return htmlDocument(
    title,
    html`<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>${judgement === null ? html`Evaluation of ${model}` : html`Judgement of ${model} in pull request ${judgement.evaluated.change.pull} of ${judgement.evaluated.change.repository}`}</h1>
${judgement === null ? nothing : verdictBanner(judgement)}
${identityFacts(subject)}
</header>
${navigation(sections)}
<main id="main">
${sections.map(renderSection)}</main>
<footer>Written by Pulltrain${judgement === null ? '' : ` at ${judgement.judgedAt}`}. Intervals are 95 % unless said otherwise. Numbers marked verified were measured by code of the default branch on its holdout.</footer>
`,
  );
}

function navigation(sections: readonly Section[]): Html {
  return html`<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}
