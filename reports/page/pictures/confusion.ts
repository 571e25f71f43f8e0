import { chartColours, chartConfig, chartSchema, labelExpression } from '../../chart-theme.ts';
import { formatCount } from '../../format-number.ts';
import { formatShare } from '../../profile/format-value.ts';
import type { Picture } from '../picture.ts';
import { shortName } from '../short-name.ts';
import type { Subject } from '../subject.ts';

/** Classes up to which every cell carries its count. */
const mostTexts = 12;

/** Truth against decision, every row coloured by its shares. */
export function confusion({ head, base }: Subject): Picture[] {
  const found = head?.curves?.confusion;
  if (found === undefined || found.classes.length === 0) return [];
  const { classes, counts } = found;
  const names = classes.map((name) => shortName(name, 18));
  const before = base?.curves?.confusion;
  const comparable = before !== undefined && before.classes.join('\n') === classes.join('\n') ? before.counts : null;
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const cells = counts.flatMap((row, truth) =>
    row.map((count, decision) => {
      const share = count / Math.max(1, totals[truth] ?? 0);
      return { truth, decision, count, share, text: formatCount(count), part: formatShare(share) };
    }),
  );
  const all = totals.reduce((sum, total) => sum + total, 0);
  const right = counts.reduce((sum, row, at) => sum + (row[at] ?? 0), 0);
  const many = classes.length > mostTexts;
  const step = many ? Math.max(8, Math.floor(380 / classes.length)) : Math.min(120, Math.max(44, 320 / classes.length));
  const labels = labelExpression(Object.fromEntries(names.map((name, at) => [at, name])));
  const axis = { labelExpr: labels, labelLimit: 120, ticks: false, domain: false, labels: classes.length <= 30 };
  const texts = [
    { mark: { type: 'text', dy: -7, fontSize: 13 }, encoding: { text: { field: 'text', type: 'nominal' } } },
    { mark: { type: 'text', dy: 9, fontSize: 10 }, encoding: { text: { field: 'part', type: 'nominal' } } },
  ];
  return [
    {
      id: 'confusion',
      title: 'Decisions against the truth',
      hint: 'Every row of the table is one true class; the shares of a row add up to 100 %. The diagonal is right.',
      summary: `${formatCount(right)} of ${formatCount(all)} rows (${formatShare(right / Math.max(1, all))}) are decided rightly.${worstMistake(cells, names)}`,
      spec: {
        $schema: chartSchema,
        width: { step: Math.round(step) },
        height: { step: Math.round(many ? step : Math.min(step, 64)) },
        config: { ...chartConfig, text: { color: chartColours.text } },
        data: { values: cells },
        encoding: {
          x: {
            field: 'decision',
            type: 'ordinal',
            title: 'Decision',
            axis: { ...axis, labelAngle: classes.length > 4 ? -40 : 0, orient: 'top' },
          },
          y: { field: 'truth', type: 'ordinal', title: 'Truth', axis },
        },
        layer: [
          {
            mark: { type: 'rect', color: chartColours.bar, cornerRadius: 3 },
            encoding: {
              opacity: {
                field: 'share',
                type: 'quantitative',
                legend: null,
                scale: { domain: [0, 1], range: [0.04, 0.5] },
              },
            },
          },
          ...(many ? [] : texts),
        ],
      },
      columns: [
        { title: 'Truth' },
        { title: 'Decision' },
        { title: 'Rows', align: 'right' },
        { title: 'Share of its truth', align: 'right' },
        ...(comparable === null ? [] : [{ title: 'Rows of base', align: 'right' as const }]),
      ],
      rows: cells.map(({ truth, decision, text, part }) => [
        names[truth] ?? '',
        names[decision] ?? '',
        text,
        part,
        ...(comparable === null ? [] : [formatCount(comparable[truth]?.[decision] ?? 0)]),
      ]),
    },
  ];
}

type Cell = { truth: number; decision: number; share: number; part: string };

function worstMistake(cells: readonly Cell[], names: readonly string[]): string {
  const mistakes = cells.filter(({ truth, decision }) => truth !== decision);
  const [first] = mistakes.toSorted((left, right) => right.share - left.share);
  if (first === undefined || first.share === 0) return '';
  return ` The most frequent mistake: ${first.part} of ${names[first.truth]} are taken for ${names[first.decision]}.`;
}
