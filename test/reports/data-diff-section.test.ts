import { describe, expect, it } from 'vitest';
import type { DataDiff } from '../../pipelines/contracts/data-diff.ts';
import { dataDiffSection } from '../../reports/data-diff-section.ts';

const diff: DataDiff = {
  base: { path: 'data/2001-03.parquet', rows: 1_477_908 },
  head: { path: 'data/2001-05.parquet', rows: 2_497_769 },
  columns: {
    added: [{ name: 'rate', type: 'DOUBLE' }],
    removed: [],
    retyped: [{ name: 'hour', base: 'INTEGER', head: 'BIGINT' }],
  },
  rows: { added: { count: 1_019_861, error: 254 }, removed: { count: 0, error: 254 }, columns: 11 },
  shifts: [
    { name: 'date', kind: 'time', distance: 0.41, noise: 0.01, missing: [0, 0], middle: [982_225_320, 984_932_040] },
    { name: 'distance', kind: 'integer', distance: 0.001, noise: 0.01, missing: [0, 0.3], middle: [562, 564] },
    { name: 'origin', kind: 'text', distance: 0.01, noise: 0.02, missing: [0, 0], middle: [null, null] },
  ],
  sampled: [122_904, 125_559],
  label: {
    column: 'late',
    values: [
      { value: '0', base: 1_159_415, head: 2_005_919 },
      { value: '1', base: 318_493, head: 491_850 },
    ],
  },
};

describe('what changes in the rows of the data', () => {
  it('is told with rows, columns, label and what moved by more than chance', () => {
    expect(
      dataDiffSection(diff, 10),
    ).toBe(`**\`data/2001-03.parquet\` → \`data/2001-05.parquet\`**: 1,477,908 → 2,497,769 rows: 1,019,861 (± 254) added, fewer than 254 removed

Columns: +rate (DOUBLE), hour: INTEGER → BIGINT

| Label late | Base | Head |
| - | - | - |
| \`0\` | 1,159,415 (78.4 %) | 2,005,919 (80.3 %) |
| \`1\` | 318,493 (21.6 %) | 491,850 (19.7 %) |

| Column | Shift | Median | Missing |
| - | - | - | - |
| \`date\` | 41.0 % | 2001-02-15 08:22 → 2001-03-18 16:14 | |
| \`distance\` | 0.1 % | 562 → 564 | 0.0 % → 30.0 % |

<sub>1 other column moved less or no more than by chance. Shift: the share of rows by which the distributions differ. Looked at 122,904 and 125,559 rows.</sub>`);
  });

  it('is one line when nothing else changed', () => {
    const calm: DataDiff = {
      ...diff,
      head: { ...diff.base, rows: 1_477_908 },
      columns: { added: [], removed: [], retyped: [] },
      rows: { added: { count: 3, error: 0 }, removed: { count: 3, error: 0 }, columns: 11 },
      shifts: diff.shifts.slice(2),
      label: null,
    };
    expect(dataDiffSection(calm, 10)).toBe(
      '**`data/2001-03.parquet`**: 1,477,908 → 1,477,908 rows: 3 added, 3 removed\n\nNo column moved by more than chance. Looked at 122,904 and 125,559 rows.',
    );
  });

  it('counts what it has no room for', () => {
    const text = dataDiffSection(diff, 1);
    expect(text).toContain('and 1 more');
    expect(text).toContain('2 other columns');
  });
});
