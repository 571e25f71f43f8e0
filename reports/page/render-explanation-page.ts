import type { Explanation } from '../../pipelines/contracts/explanation.ts';
import type { DrawChart } from '../chart-theme.ts';
import { formatChange, formatCount, formatNumber } from '../format-number.ts';
import { metricTitle } from '../metric-title.ts';
import { type Html, html, nothing } from './html.ts';
import { htmlDocument } from './html-document.ts';
import { htmlTable } from './html-table.ts';
import { dependencePictures } from './pictures/dependence.ts';
import { importancePictures } from './pictures/importance.ts';
import { renderSection, type Section } from './section.ts';
import { drawGallery } from './sections/pictures.ts';
import { shortName } from './short-name.ts';

/** An explanation as one page that needs no network: pictures, their numbers, and why a row got its answer. */
export async function renderExplanationPage(explanation: Explanation, draw: DrawChart): Promise<string> {
  const { model, head, metric, sample } = explanation;
  const subject = { head: { explanation } };
  const pictures = [...importancePictures(subject), ...dependencePictures(subject)];
  const sections = [
    ...rowSection(explanation),
    ...(pictures.length === 0
      ? []
      : [await drawGallery({ id: 'explanation', title: 'What it goes by', pictures }, draw)]),
  ];
  const title = `${model}: explanation`;
  return htmlDocument(
    title,
    html`<a class="skip" href="#main">Skip to the explanation</a>
<header>
<h1>Explanation of ${model}</h1>
<p>Model ${head.sha256.slice(0, 12)}; ${metricTitle(metric.name)} ${formatNumber(head.score)} on ${formatCount(sample.rows)} of ${formatCount(sample.of)} rows, seed ${sample.seed}.</p>
</header>
<main id="main">
${sections.map(renderSection)}</main>
<footer>Written by Pulltrain. Intervals are 95 %.</footer>
`,
  );
}

function rowSection({ row: found }: Explanation): Section[] {
  if (found === undefined) return [];
  const tables = found.outputs.map(
    ({
      output,
      baseline,
      prediction,
      contributions,
    }): Html => html`<p>${output === 'score' ? nothing : html`${shortName(output)}: `}${formatNumber(prediction)}, from ${formatNumber(baseline)}, the mean answer.</p>
${htmlTable({
  caption: 'What every input added',
  columns: [{ title: 'Input' }, { title: 'Value' }, { title: 'Contribution', align: 'right' }],
  rows: contributions.map(({ feature, value, shap }) => [
    shortName(feature),
    value === null ? 'missing' : typeof value === 'number' ? String(Number(value.toPrecision(6))) : shortName(value),
    formatChange(shap),
  ]),
})}`,
  );
  return [{ id: 'row', title: `Why row ${found.row} got its answer`, body: html`${tables}` }];
}
