import type { SplitReport } from '../pipelines/contracts/split-report.ts';
import { plainLine } from './escape-markdown.ts';

/** A split report for a terminal: the parts as a table, and in one sentence how a row finds its part. */
export function splitText(
  { data, rows, dropped, method, parts, groupsOnBothSides }: SplitReport,
  folder: string,
): string {
  const lines = parts.map(({ name, rows: count, share, labels, time, groups }) => {
    const facts = [
      ...(time === null ? [] : [`${plainLine(time.from)} to ${plainLine(time.to)}`]),
      ...(groups === null ? [] : [`${groups} entities`]),
      ...(labels === null
        ? []
        : [
            labels
              .slice(0, 6)
              .map((one) => balance(one, count))
              .join(', '),
          ]),
    ];
    return `  ${name.padEnd(width(parts))}  ${String(count).padStart(9)}  ${percent(share).padStart(6)}  ${facts.join('; ')}`.trimEnd();
  });
  const left = [
    ...(dropped.missing > 0 ? [`${dropped.missing} rows without a value to divide by were left out.`] : []),
    ...(dropped.gap > 0 ? [`${dropped.gap} rows within the gap were left out.`] : []),
    ...(groupsOnBothSides === null ? [] : [`${groupsOnBothSides} entities are in more than one part.`]),
  ];
  return [`${plainLine(data)}: ${rows} rows into ${plainLine(folder)}`, ...lines, plainLine(method, 600), ...left].join(
    '\n',
  );
}

function balance({ label, rows }: { label: string | null; rows: number }, of: number): string {
  return `${label === null ? '(missing)' : plainLine(label, 40)} ${percent(rows / of)}`;
}

function width(parts: SplitReport['parts']): number {
  return Math.max(...parts.map(({ name }) => name.length));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
