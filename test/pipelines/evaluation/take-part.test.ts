import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { loadHoldout } from '../../../pipelines/evaluation/load-holdout.ts';
import { takePart } from '../../../pipelines/evaluation/take-part.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';
import { flightsPolicy, writeFlights } from './holdout.ts';

type Tables = Awaited<ReturnType<typeof openTables>>;
let tables: Tables;
const folder = temporaryDirectory();
beforeAll(async () => {
  tables = await openTables({ threads: 1 });
});
afterAll(() => {
  tables.close();
  folder[Symbol.dispose]();
});

const drawn = (order: string) =>
  `(SELECT i, 'v' || (i % 7) AS name, i % 50 AS person FROM range(3000) r(i) ORDER BY ${order})`;

/** The rows of every part, in their order. */
async function parts(of: number, { entity, order = 'i' }: { entity?: string[]; order?: string } = {}) {
  const found: number[][] = [];
  for (let use = 1; use <= of; use += 1) {
    const rule = { fold: { of, use }, ...(entity === undefined ? {} : { entity }) };
    const rows = await takePart(rule, { rows: drawn(order), columns: ['i', 'name', 'person'] }, tables);
    found.push((await tables.query(`SELECT i FROM ${rows}`)).map(({ i }) => Number(i)));
  }
  return found;
}

describe('the parts of a holdout', () => {
  test('hold every row once and are of about the same size', async () => {
    const found = await parts(5);
    expect(found.flat().sort((left, right) => left - right)).toEqual(Array.from({ length: 3000 }, (_, row) => row));
    for (const rows of found) {
      // Six standard errors of a binomial share around 600.
      expect(rows.length).toBeGreaterThan(468);
      expect(rows.length).toBeLessThan(732);
    }
  });

  test('are the same in any order of rows, and keep that order', async () => {
    const [first = []] = await parts(5);
    const [turned = []] = await parts(5, { order: 'i DESC' });
    expect(turned).toEqual(first.toReversed());
  });

  test('keep an entity together', async () => {
    const found = await parts(4, { entity: ['person'] });
    const people = found.map((rows) => new Set(rows.map((row) => row % 50)));
    expect(people.reduce((sum, { size }) => sum + size, 0)).toBe(50);
  });

  test('are no parts without a fold', async () => {
    expect(await takePart({}, { rows: '(rows)', columns: [] }, tables)).toBe('(rows)');
  });

  test('judge under an identity of their own', async () => {
    const file = await writeFlights(folder.path, tables);
    const load = (fold?: { of: number; use: number }) => {
      const holdout = { data: 'data/holdout.parquet', target: 'late', time: 'date', window: { newest: 'month' } };
      const policy = flightsPolicy({ holdout: { ...holdout, ...(fold && { fold }) } });
      return loadHoldout({ policy, file, dataIntegrity: integrityOf('flights') }, tables);
    };
    const [all, one, two] = [await load(), await load({ of: 2, use: 1 }), await load({ of: 2, use: 2 })];
    expect(one.holdout.rule).toBe('newest month of date that has labels, part 1 of 2');
    expect(one.holdout.rows + two.holdout.rows).toBe(all.holdout.rows);
    expect(new Set([all, one, two].map(({ holdout }) => holdout.integrity)).size).toBe(3);
  });
});
