import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OnlineRow, OnlineStore } from '../../../pipelines/ports/online-store.ts';

/** An open store that nobody else uses, and another connection to the same one. */
export type OpenPair = () => Promise<{ store: OnlineStore; other: OnlineStore } & AsyncDisposable>;

const row = (key: string, event: number, created: number | null, count: number | null): OnlineRow => ({
  key,
  event,
  created,
  values: { count },
});

/** What every online store does, whatever it is made of. */
export function describeOnlineStore(name: string, open: OpenPair): void {
  describe(`an online store in ${name}`, () => {
    test('gives back what was written, by space and key, and null for the rest', async () => {
      await using pair = await open();
      const values = { a: 0.1, b: 'it\'s "ñ" {x}', c: true, d: null, e: 'NaN', f: '12345678901234567890' };
      const event = Date.UTC(2026, 10, 21) * 1000 + 1;
      await pair.store.write('one', [{ key: '["SFO"]', event, created: -5, values }]);
      await pair.store.write('two', [row('["SFO"]', 1, null, 7)]);
      expect(await pair.other.read('one', ['["OAK"]', '["SFO"]', '["SFO"]'])).toEqual([
        null,
        { event, created: -5, values },
        { event, created: -5, values },
      ]);
      expect(await pair.other.read('two', ['["SFO"]'])).toEqual([{ event: 1, created: null, values: { count: 7 } }]);
      expect(await pair.store.read('three', ['["SFO"]'])).toEqual([null]);
      expect(await pair.store.read('one', [])).toEqual([]);
    });

    test('lets the later event win, then the later created time, and says how many were news', async () => {
      await using pair = await open();
      const write = async (...rows: OnlineRow[]) => (await pair.store.write('s', rows)).written;
      const now = async () => (await pair.other.read('s', ['k']))[0]?.values.count;
      expect(await write(row('k', 10, 1, 1))).toBe(1);
      expect(await write(row('k', 9, 99, 2))).toBe(0);
      expect(await now()).toBe(1);
      expect(await write(row('k', 10, 2, 3), row('k', 10, 1, 1), row('k', 8, 9, 9))).toBe(1);
      expect(await now()).toBe(3);
      expect(await write(row('k', 11, null, 4))).toBe(1);
      expect(await write(row('k', 11, null, 4))).toBe(0);
      expect(await write(row('k', -11, null, 5), row('l', -11, null, 6))).toBe(1);
      expect(await now()).toBe(4);
    });

    test('ends in the same state whatever the order of arrival, also with two writers', async () => {
      const time = fc.integer({ min: 0, max: 3 });
      const rows = fc.array(
        fc.tuple(fc.constantFrom('a', 'b'), time, fc.option(time, { nil: null }), time).map((parts) => row(...parts)),
        { minLength: 1, maxLength: 12 },
      );
      await using pair = await open();
      let run = 0;
      await fc.assert(
        fc.asyncProperty(rows, fc.integer(), async (written, seed) => {
          run += 1;
          const shuffled = written.toSorted(
            (left, right) => ((left.event * 7 + seed) % 5) - ((right.event * 3 + seed) % 5),
          );
          await pair.store.write(`forward ${run}`, written);
          const half = Math.floor(shuffled.length / 2);
          await Promise.all([
            pair.store.write(`shuffled ${run}`, shuffled.slice(0, half)),
            pair.other.write(`shuffled ${run}`, shuffled.slice(half)),
          ]);
          const [one, two] = await Promise.all(
            ['forward', 'shuffled'].map((name) => pair.store.read(`${name} ${run}`, ['a', 'b'])),
          );
          expect(two).toEqual(one);
        }),
        { numRuns: 30 },
      );
    });

    test('takes many rows at once', async () => {
      await using pair = await open();
      const rows = Array.from({ length: 3000 }, (_, at) => row(`key ${at}`, at, at, at));
      expect(await pair.store.write('many', rows)).toEqual({ written: 3000 });
      const read = await pair.other.read(
        'many',
        rows.map(({ key }) => key),
      );
      expect(read.map((record) => record?.values.count)).toEqual(rows.map((_, at) => at));
    });

    test('keeps documents by name', async () => {
      await using pair = await open();
      await pair.store.put({ 'view/a': '1', 'view/b%_': '2', 'service/a': '3' });
      await pair.store.put({ 'view/a': '4' });
      await pair.store.put({});
      expect([await pair.other.get('view/a'), await pair.other.get('view/c')]).toEqual(['4', null]);
      expect(await pair.other.list('view/')).toEqual(['view/a', 'view/b%_']);
    });
  });
}
