import type { DataProfile } from '../../contracts/data-profile.ts';
import type { ColumnSummary, ProfileSummary } from '../../contracts/profile-summary.ts';
import { correlationError, correlations } from './co-moments.ts';
import { describeColumn } from './describe-column.ts';
import { profileNotes } from './profile-notes.ts';
import { repeatedRows } from './row-sketch.ts';

/** Everything a reader wants to know of a table, worked out of its profile. */
export function describeProfile(profile: DataProfile): ProfileSummary {
  const columns = profile.columns.map((column) => describeColumn(column, profile));
  const summary = {
    source: profile.source,
    rows: profile.rows,
    partitions: profile.partitions,
    columns,
    correlations: {
      pairs: correlations(profile.correlations),
      error: correlationError(profile.correlations),
    },
    duplicates: profile.duplicates === null ? null : repeatedRows(profile.duplicates),
    label: balanceOf(columns.find(({ name }) => name === profile.label)),
  };
  return { ...summary, notes: profileNotes(summary) };
}

/** A label with more values than a sketch lists is a number to predict: its bars are its balance. */
function balanceOf(column: ColumnSummary | undefined): ProfileSummary['label'] {
  if (column === undefined) return null;
  const missing = column.missing === 0 ? [] : [{ value: null, count: column.missing }];
  const list = column.values?.list ?? [];
  return {
    column: column.name,
    balance: [...list, ...missing],
    complete: column.values?.complete ?? false,
  };
}
