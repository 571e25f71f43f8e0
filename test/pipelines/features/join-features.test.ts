import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { featureWorkspace, type JsonRow, jsonLines } from '../../fixtures/feature-workspace.ts';

const definitions = (view: string) => `version: 1
entities:
  driver: { keys: { driver: int } }
  city: { keys: { city: string } }
views:
${view}
services:
  rides@v1: { features: [trips] }
`;
const trips = (more = '') =>
  definitions(`  trips:
    entity: driver
    source: { file: data/trips.jsonl }
    time: day
${more}
    features: { count: int }`);

/** Hours of one imaginary day as times that the engine reads. */
const hour = (hours: number) => `2020-01-0${1 + Math.floor(hours / 24)}T${String(hours % 24).padStart(2, '0')}:00:00`;

async function joined(view: string, data: readonly JsonRow[], rows: readonly JsonRow[]) {
  using workspace = featureWorkspace({
    'features/rides.yml': view,
    'data/trips.jsonl': jsonLines(data),
    'rows.jsonl': jsonLines(rows),
  });
  return (await workspace.join({ service: 'rides@v1' }, 'rows.jsonl')).rows.map(({ count }) => count);
}

describe('a point-in-time join', () => {
  test('takes the latest value that is not of the future', async () => {
    const data = [
      { driver: 1, day: hour(2), count: 2 },
      { driver: 1, day: hour(6), count: 6 },
      { driver: 2, day: hour(1), count: 100 },
    ];
    const rows = [1, 2, 5, 6, 20].map((at) => ({ driver: 1, at: hour(at) }));
    expect(await joined(trips(), data, rows)).toEqual([null, 2, 2, 6, 6]);
  });

  test('takes nothing older than the ttl, the very edge included', async () => {
    const data = [{ driver: 1, day: hour(2), count: 2 }];
    const rows = [2, 5, 6].map((at) => ({ driver: 1, at: hour(at) }));
    expect(await joined(trips('    ttl: 3h'), data, rows)).toEqual([2, 2, null]);
  });

  test('never lets a late backfill or a correction leak into the past', async () => {
    const data = [
      { driver: 1, day: hour(2), known: hour(3), count: 2 },
      // Corrected at ten, and an older event arrives at twelve.
      { driver: 1, day: hour(2), known: hour(10), count: 20 },
      { driver: 1, day: hour(1), known: hour(12), count: 1 },
      // Known before it holds: a plan, not yet true.
      { driver: 1, day: hour(15), known: hour(4), count: 15 },
      { driver: 1, day: hour(16), known: null, count: 16 },
    ];
    const rows = [2, 3, 9, 10, 14, 15, 23].map((at) => ({ driver: 1, at: hour(at) }));
    expect(await joined(trips('    created: known'), data, rows)).toEqual([null, 2, 2, 20, 20, 15, 15]);
  });

  test('keeps rows, their order and their columns, whatever their keys are', async () => {
    using workspace = featureWorkspace({
      'features/rides.yml': trips(),
      'data/trips.jsonl': jsonLines([
        { driver: 1, day: hour(0), count: 7 },
        { driver: null, day: hour(0), count: 9 },
      ]),
      'rows.csv': `driver,at,note\n1.0,${hour(9)},b\n,${hour(3)},a\n7,${hour(3)},\n1,,z\n1,${hour(9)},b\n1.5,${hour(9)},c\n`,
    });
    const { rows, joined: told } = await workspace.join({ service: 'rides@v1' }, 'rows.csv');
    expect(rows.map(({ note, count }) => [note, count])).toEqual([
      ['b', 7],
      ['a', null],
      [null, null],
      ['z', null],
      ['b', 7],
      ['c', null],
    ]);
    expect(told).toMatchObject({ rows: 6, parts: [{ view: 'trips', features: ['count'], found: 2, expired: 0 }] });
  });

  test('joins several views, and one view twice by other keys, in one go', async () => {
    using workspace = featureWorkspace({
      'features/all.yml': `version: 1
entities: { city: { keys: { city: string } }, driver: { keys: { driver: int } } }
views:
  weather: { entity: city, source: { file: data/weather.jsonl }, time: at, features: { rain: double, wind: string } }
  trips: { entity: [driver, city], source: { file: data/trips.jsonl }, time: at, features: { count: int } }
services:
  ride@v2:
    features:
      - { view: weather, features: [rain], keys: { city: from }, as: { rain: rain_from } }
      - { view: weather, keys: { city: to } }
      - { view: trips, keys: { city: to } }
`,
      'data/weather.jsonl': jsonLines([
        { city: 'Rome', at: hour(0), rain: 0.5, wind: 'n' },
        { city: 'Oslo', at: hour(0), rain: 2, wind: null },
      ]),
      'data/trips.jsonl': jsonLines([{ city: 'Oslo', driver: 4, at: hour(0), count: 11 }]),
      'rows.jsonl': jsonLines([{ driver: 4, from: 'Rome', to: 'Oslo', when: hour(1) }]),
    });
    const { rows } = await workspace.join({ service: 'ride@v2' }, 'rows.jsonl', 'when');
    expect(rows).toEqual([
      { driver: 4, from: 'Rome', to: 'Oslo', when: expect.any(String), rain_from: 0.5, rain: 2, wind: null, count: 11 },
    ]);
  });

  test('gives the same bytes every time', async () => {
    const many = Array.from({ length: 3000 }, (_, at) => ({ driver: at % 50, day: hour(at % 60), count: at % 7 }));
    using workspace = featureWorkspace({
      'features/rides.yml': trips('    ttl: 9h'),
      'data/trips.jsonl': jsonLines(many),
      'rows.jsonl': jsonLines(many.map(({ driver, day }) => ({ driver, at: day }))),
    });
    const bytes = async (out: string) => {
      await workspace.join({ service: 'rides@v1' }, 'rows.jsonl', 'at', out);
      return readFileSync(workspace.at(out)).toString('base64');
    };
    expect(await bytes('a.parquet')).toBe(await bytes('b.parquet'));
  });

  test('tells everything that is wrong with the rows at once', async () => {
    using workspace = featureWorkspace({
      'features/rides.yml': trips(),
      'data/trips.jsonl': jsonLines([{ driver: 1, day: hour(2), count: 2 }]),
      'rows.jsonl': jsonLines([{ drivr: 1, at: 5 }]),
      'taken.jsonl': jsonLines([{ driver: 1, at: hour(1), count: 5 }]),
    });
    await expect(workspace.join({ service: 'rides@v1' }, 'rows.jsonl')).rejects.toMatchObject({
      code: 'column-missing',
      message: expect.stringMatching(
        /time column "at" is BIGINT; .*join key driver "driver" \(did you mean "drivr"\?\)/,
      ),
    });
    await expect(workspace.join({ service: 'rides@v1' }, 'taken.jsonl')).rejects.toMatchObject({
      code: 'column-taken',
    });
    await expect(workspace.join({ features: 'trips:cuont,strips' }, 'rows.jsonl')).rejects.toMatchObject({
      code: 'features-unknown',
      message: expect.stringMatching(/did you mean "count"\?; there is no view "strips"; did you mean "trips"\?/),
    });
  });
});

type Event = { driver: number; day: number; known: number | null; count: number };

/** The definition of the join, one row after the other, in the plainest words. */
function naive(
  data: readonly Event[],
  row: { driver: number | null; at: number },
  ttl: number | null,
  created: boolean,
) {
  const [best] = data
    .filter((event) => event.driver === row.driver && event.day <= row.at)
    .filter((event) => !created || (event.known !== null && event.known <= row.at))
    .sort((left, right) => right.day - left.day || (right.known ?? 0) - (left.known ?? 0) || right.count - left.count);
  return best === undefined || (ttl !== null && best.day < row.at - ttl) ? null : best.count;
}

test('equals the plain definition on any history', async () => {
  const time = fc.integer({ min: 0, max: 20 });
  const event = fc.record({
    driver: fc.integer({ min: 1, max: 3 }),
    day: time,
    known: fc.option(time, { nil: null, freq: 6 }),
    count: fc.integer({ min: 0, max: 4 }),
  });
  const row = fc.record({ driver: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null, freq: 8 }), at: time });
  const asked = fc.record({
    data: fc.array(event, { minLength: 1, maxLength: 80 }),
    rows: fc.array(row, { minLength: 1, maxLength: 60 }),
    ttl: fc.option(fc.integer({ min: 0, max: 10 }), { nil: null }),
    created: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ data, rows, ttl, created }) => {
      const view = trips(`${created ? '    created: known\n' : ''}${ttl === null ? '' : `    ttl: ${ttl}h`}`);
      // The ends are always there, so that the engine sees every column as a time.
      const end: Event = { driver: 99, day: 0, known: 0, count: 0 };
      const history = created ? data : data.map((one) => ({ ...one, known: 0 }));
      const table = [...history, end].map(({ day, known, ...rest }) => ({
        ...rest,
        day: hour(day),
        known: known === null ? null : hour(known),
      }));
      const found = await joined(
        view,
        table,
        [...rows, { driver: 98, at: 0 }].map(({ driver, at }) => ({ driver, at: hour(at) })),
      );
      expect(found.slice(0, -1)).toEqual(rows.map((one) => naive(history, one, ttl, created)));
    }),
    { numRuns: 8 },
  );
}, 60_000);
