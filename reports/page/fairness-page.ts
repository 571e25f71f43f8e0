import type {
  Bounded,
  Disparity,
  Fairness,
  FairnessAttribute,
  FairnessMeasure,
  FairnessMeasures,
} from '../../pipelines/contracts/fairness.ts';
import type { DrawChart } from '../chart-theme.ts';
import { fourFifthsNote, impossibilityNote, labelNote } from '../fairness-notes.ts';
import { criterionTitles, measureTitles } from '../fairness-titles.ts';
import { formatChange, formatCount, formatNumber } from '../format-number.ts';
import { type Html, html, nothing } from './html.ts';
import { htmlDocument } from './html-document.ts';
import { htmlTable } from './html-table.ts';
import { type Picture, renderPicture } from './picture.ts';
import { forestSpec } from './pictures/forest.ts';
import { renderSection } from './section.ts';
import { shortName } from './short-name.ts';

/** Measures that are drawn, those that are there. */
const drawn: readonly FairnessMeasure[] = [
  'selection_rate',
  'tpr',
  'fpr',
  'ppv',
  'roc_auc',
  'calibration_gap',
  'mean_error',
  'mae',
];
/** Groups of a picture: more is no picture. Tables have all of them. */
const mostDrawn = 60;

/** Rates, attributes and what they are about: of all rows, of a control level, or of a class. */
type Part = { id: string; title: string; overall: FairnessMeasures; attributes: readonly FairnessAttribute[] };

/** The fairness of predictions as one page that needs no network, no script and no other file. */
export async function renderFairnessPage(fairness: Fairness, draw: DrawChart): Promise<string> {
  const sections: Html[] = [];
  for (const part of partsOf(fairness)) {
    for (const [at, attribute] of part.attributes.entries()) {
      const place = { ...part, id: `${part.id}-${at + 1}` };
      const body = await attributeBody(attribute, place, fairness, draw);
      sections.push(renderSection({ id: place.id, title: `${part.title}${shortName(attribute.by, 80)}`, body }));
    }
  }
  return htmlDocument(
    `${fairness.data}: fairness`,
    html`<a class="skip" href="#main">Skip to the report</a>
<header><h1>Fairness of ${fairness.data}</h1>
<p>${formatCount(fairness.rows)} rows. Selected: ${fairness.decision}.${fairness.positive === null ? '' : ` Positive label: ${fairness.positive}.`}${fairness.favourable === null ? '' : ` Good for the person: ${fairness.favourable}.`}${fairness.base === null ? '' : ` Base: ${fairness.base}.`}</p>
${fairness.leftOut.map(({ reason, rows }) => html`<p>Left out: ${formatCount(rows)} rows with ${reason}.</p>`)}
${fairness.notes.map((note) => html`<p>${note}</p>`)}
</header>
<main id="main">
${sections}
${renderSection({ id: 'read', title: 'How to read this', body: readingNotes(fairness) })}</main>
<footer>Written by Pulltrain. Intervals are 95 %, from ${formatCount(fairness.resamples)} draws with seed ${fairness.seed} where no formula gives them.</footer>
`,
  );
}

function partsOf({ overall, attributes, controls = [], classes = [] }: Fairness): Part[] {
  return [
    { id: 'by', title: 'By ', overall, attributes },
    ...controls.map((part, at) => ({
      ...part,
      id: `control-${at + 1}`,
      title: `${shortName(part.column, 40)} ${part.value === null ? '(missing)' : shortName(part.value, 40)}, by `,
    })),
    ...classes.map((part, at) => ({
      ...part,
      id: `class-${at + 1}`,
      title: `Class ${shortName(part.class, 40)} against all others, by `,
    })),
  ];
}

async function attributeBody(
  attribute: FairnessAttribute,
  { id, overall }: Part,
  { base, minGroup }: Fairness,
  draw: DrawChart,
): Promise<Html> {
  const pictures: Html[] = [];
  for (const measure of drawn.filter((name) => name in overall)) {
    const picture = pictureOf(measure, attribute, { id, overall, minGroup });
    if (picture !== null) pictures.push(await renderPicture(picture, draw));
  }
  const { fourFifths, small } = attribute;
  return html`${gapTables(attribute, base !== null)}
${fourFifths?.below === true ? html`<p>Four fifths: ratio of selection rates ${formatNumber(fourFifths.ratio)}, under 0.8; ${fourFifthsNote}.</p>` : nothing}
${small.length === 0 ? nothing : html`<p>Fewer than ${minGroup} rows, too small to judge: ${small.map((name) => shortName(name, 40)).join(', ')}.</p>`}
<div class="pictures">${pictures}</div>
${rateTable(attribute, overall)}
${attribute.tests.map(testTable)}`;
}

function pictureOf(
  measure: FairnessMeasure,
  { by, groups, disparities }: FairnessAttribute,
  { id, overall, minGroup }: { id: string; overall: FairnessMeasures; minGroup: number },
): Picture | null {
  const found = disparities.find((one) => one.measure === measure);
  const small = new Set(found?.tooSmall);
  const rates = groups.flatMap(({ group, measures }) => {
    const rate = measures[measure];
    return rate === undefined || rate.value === null ? [] : [{ group, ...rate, value: rate.value }];
  });
  if (rates.length === 0) return null;
  const shown = rates.toSorted((left, right) => left.value - right.value);
  const title = measureTitles[measure];
  const gap = found?.difference.value ?? null;
  return {
    id: `${id}-${measure.replaceAll('_', '-')}`,
    title: `${title} by ${shortName(by, 40)}`,
    hint: 'The dotted line is all rows, hollow diamonds are the base.',
    summary:
      gap === null
        ? `Fewer than two groups have the ${minGroup} rows it takes to be judged.`
        : `From ${shortName(found?.lowest?.group ?? '', 40)} ${formatNumber(found?.lowest?.value ?? null)} to ${shortName(found?.highest?.group ?? '', 40)} ${formatNumber(found?.highest?.value ?? null)}: ${formatNumber(gap)} apart.${shown.length > mostDrawn ? ` The ${mostDrawn} lowest of ${shown.length} are drawn.` : ''}`,
    spec: forestSpec(
      shown.slice(0, mostDrawn).map(({ group, value, low, high, base = null }) => ({
        label: `${shortName(group, 40)}${small.has(group) ? ' (small)' : ''}`,
        value,
        low,
        high,
        base,
      })),
      { title, reference: overall[measure]?.value ?? null },
    ),
    columns: [
      { title: shortName(by, 40) },
      { title, align: 'right' },
      { title: '95 % interval', align: 'right' },
      { title: 'Rows it is taken over', align: 'right' },
    ],
    rows: shown.map(({ group, value, low, high, n }) => [
      shortName(group),
      formatNumber(value),
      rangeOf({ value, low, high }, formatNumber),
      formatCount(n),
    ]),
  };
}

type Gap = Pick<Disparity, 'difference' | 'ratio' | 'change' | 'lowest' | 'highest'> & { title: string };

/** What ideas of fairness say, and folded away what single measures say; of a quantity there are only measures. */
function gapTables({ by, criteria, disparities }: FairnessAttribute, paired: boolean): Html {
  const ideas = criteria.map((criterion): Gap => ({ ...criterion, title: criterionTitles[criterion.name] }));
  const measures = disparities.map((disparity): Gap => ({ ...disparity, title: measureTitles[disparity.measure] }));
  const caption = `How far apart the groups of ${shortName(by, 40)} are`;
  if (ideas.length === 0) return gapTable(caption, 'Measure', measures, paired);
  return html`${gapTable(caption, 'Idea of fairness', ideas, paired)}
<details><summary>The same by every measure</summary>${gapTable(`${caption}, by every measure`, 'Measure', measures, paired)}</details>`;
}

function gapTable(caption: string, first: string, gaps: readonly Gap[], paired: boolean): Html {
  return htmlTable({
    caption,
    columns: [
      { title: first },
      { title: 'Difference', align: 'right' },
      { title: '95 % interval' },
      { title: 'Ratio', align: 'right' },
      ...(paired ? [{ title: 'Change from base' }] : []),
      { title: 'Lowest' },
      { title: 'Highest' },
    ],
    rows: gaps.map(({ title, difference, ratio, change, lowest, highest }) => [
      title,
      formatNumber(difference.value),
      rangeOf(difference, formatNumber),
      formatNumber(ratio.value),
      ...(paired ? [changeOf(change?.difference)] : []),
      lowest === null ? '–' : `${shortName(lowest.group, 40)} ${formatNumber(lowest.value)}`,
      highest === null ? '–' : `${shortName(highest.group, 40)} ${formatNumber(highest.value)}`,
    ]),
  });
}

function changeOf(change: Bounded | undefined): string {
  if (change === undefined || change.value === null) return '–';
  return `${formatChange(change.value)}, ${rangeOf(change, formatChange)}`;
}

function rateTable({ by, groups, disparities }: FairnessAttribute, overall: FairnessMeasures): Html {
  const measures = disparities.map(({ measure }) => measure);
  const cellsOf = (rates: FairnessMeasures) =>
    measures.map((measure) => {
      const { value = null, low = null, high = null, n = 0 } = rates[measure] ?? {};
      return html`${formatNumber(value)}<br><span class="soft">${rangeOf({ value, low, high }, formatNumber)}, n ${formatCount(n)}</span>`;
    });
  return html`<details><summary>Every measure of every group</summary>${htmlTable({
    caption: `Every measure by ${shortName(by, 40)}`,
    columns: [
      { title: shortName(by, 40) },
      { title: 'Rows', align: 'right' },
      ...measures.map((measure) => ({ title: measureTitles[measure], align: 'right' as const })),
    ],
    rows: [
      ...groups.map(({ group, n, measures: rates }) => [shortName(group), formatCount(n), ...cellsOf(rates)]),
      ['(all rows)', '', ...cellsOf(overall)],
    ],
  })}</details>`;
}

function testTable({ measure, reference, method, groups }: FairnessAttribute['tests'][number]): Html {
  const against = reference === null ? 'all other rows' : shortName(reference, 40);
  return html`<details><summary>Is the ${measureTitles[measure].toLowerCase()} of a group another than that of ${against}?</summary>${htmlTable(
    {
      caption: `${measureTitles[measure]} against ${against}: ${method}`,
      columns: [
        { title: 'Group' },
        { title: 'Difference', align: 'right' },
        { title: '95 % interval' },
        { title: 'p', align: 'right' },
        { title: 'p, Holm', align: 'right' },
        { title: 'p, Benjamini-Hochberg', align: 'right' },
      ],
      rows: groups.map(({ group, difference, p, holm, bh }) => [
        shortName(group),
        formatChange(difference.value),
        rangeOf(difference, formatChange),
        formatNumber(p),
        formatNumber(holm),
        formatNumber(bh),
      ]),
    },
  )}</details>`;
}

function readingNotes({ task }: Fairness): Html {
  return html`${task === 'binary' ? html`<p>${impossibilityNote}</p>` : nothing}
<p>${labelNote}</p>
<p>A difference is the largest value of the groups less the smallest. It is never 0 by chance, and grows with the number of groups; its interval allows for that.</p>`;
}

function rangeOf({ low, high }: Bounded, format: (value: number | null) => string): string {
  return low === null || high === null ? '–' : `${format(low)} to ${format(high)}`;
}
