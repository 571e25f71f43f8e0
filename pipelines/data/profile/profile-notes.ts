import type { ColumnSummary, ProfileSummary } from '../../contracts/profile-summary.ts';

/** Texts that often stand for a missing value. */
const markers = new Set([
  '?',
  '-',
  '--',
  '.',
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  'none',
  'nil',
  'missing',
  'unknown',
  '-999',
  '-9999',
]);
const strongCorrelation = 0.95;
const rareClass = 0.1;

type Subject = Omit<ProfileSummary, 'notes'>;

/** What a careful reader of a profile would stumble over, one sentence each. */
export function profileNotes(summary: Subject): string[] {
  if (summary.rows === 0) return ['The table has no rows.'];
  return [
    ...summary.columns.flatMap((column) => columnNotes(column, summary.rows)),
    ...correlationNotes(summary),
    ...duplicateNotes(summary),
    ...labelNotes(summary),
  ];
}

function columnNotes(column: ColumnSummary, rows: number): string[] {
  const { name, missing, distinct, numbers, lengths } = column;
  if (missing === rows) return [`${name} is missing in every row.`];
  const present = rows - missing;
  const notes: string[] = [];
  if (missing > rows / 2) notes.push(`${name} is missing in ${percent(missing / rows)} of the rows.`);
  if (distinct?.count === 1 && distinct.error === 0)
    notes.push(`${name} has the same value in every row that has one.`);
  if (
    rows > 20 &&
    column.kind !== 'number' &&
    column.kind !== 'time' &&
    distinct?.error !== undefined &&
    distinct.count >= present - distinct.error * 0.5 &&
    distinct.count > 20 &&
    present > 20
  ) {
    notes.push(`${name} is different in (nearly) every row: a key, and no feature.`);
  }
  if (numbers !== null && numbers.infinite > 0) notes.push(`${name} is infinite in ${whole(numbers.infinite)} rows.`);
  if (lengths !== null && lengths.padded > 0) {
    notes.push(`${name} begins or ends with a blank in ${whole(lengths.padded)} rows.`);
  }
  return [...notes, ...valueNotes(column, present)];
}

function valueNotes({ name, kind, values }: ColumnSummary, present: number): string[] {
  if (values === null || kind !== 'text') return [];
  const marked = values.list.filter(({ value }) => markers.has(value.trim().toLowerCase()));
  const numeric = values.list.filter(({ value }) => value.trim() !== '' && Number.isFinite(Number(value)));
  const counted = values.list.reduce((sum, { count }) => sum + count, 0);
  const numbers = numeric.reduce((sum, { count }) => sum + count, 0);
  return [
    ...marked.map(
      ({ value, count }) => `${name} is ${JSON.stringify(value)} in ${whole(count)} rows: is it missing there?`,
    ),
    ...(counted > 0 && numbers < present && numbers / counted > 0.5
      ? [`${name} is read as text, and most of its values are numbers.`]
      : []),
  ];
}

function correlationNotes({ correlations: { pairs } }: Subject): string[] {
  return pairs
    .filter(({ r }) => Math.abs(r) >= strongCorrelation)
    .slice(0, 10)
    .map(({ columns: [one, other], r }) => `${one} and ${other} say nearly the same (correlation ${r.toFixed(3)}).`);
}

function duplicateNotes({ duplicates, rows }: Subject): string[] {
  if (duplicates === null || duplicates.count === 0) return [];
  const about = duplicates.error === 0 ? '' : 'about ';
  return [`${about}${whole(duplicates.count)} rows (${percent(duplicates.count / rows)}) equal an earlier one.`];
}

function labelNotes({ label, rows }: Subject): string[] {
  if (label === null) return [];
  const missing = label.balance.find(({ value }) => value === null)?.count ?? 0;
  const classes = label.balance.filter(({ value }) => value !== null);
  const rarest = classes.at(-1);
  const notes = missing === 0 ? [] : [`The label ${label.column} is missing in ${whole(missing)} rows.`];
  if (!label.complete || rarest === undefined) return notes;
  if (classes.length === 1) return [...notes, `The label ${label.column} has a single value.`];
  const share = rarest.count / Math.max(1, rows - missing);
  if (share >= rareClass) return notes;
  return [
    ...notes,
    `The label ${label.column} is ${JSON.stringify(rarest.value)} in ${percent(share)} of the rows only.`,
  ];
}

function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? value.toFixed(0) : value.toPrecision(2)} %`;
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
