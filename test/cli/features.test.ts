import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';
import { verbs } from '../../cli/verbs.ts';
import { fakeSurroundings } from '../fixtures/fake-surroundings.ts';
import { jsonLines } from '../fixtures/feature-workspace.ts';
import { gitRepository } from '../fixtures/git-repository.ts';

const yaml = (ttl: string) => `version: 1
entities: { shop: { keys: { shop: string } } }
views:
  sales:
    description: Takings of a day
    owner: maya
    entity: shop
    source: { sql: sales.sql, inputs: { tills: data/tills.jsonl } }
    time: day
    created: known
    ttl: ${ttl}
    features: { takings: { type: double, tags: [money] } }
services:
  shops@v1: { features: [sales] }
`;
const till = (shop: string, day: number, takings: number, known = day + 1) => ({
  shop,
  day: `2020-01-0${day}`,
  known: `2020-01-0${known}`,
  takings,
});

function repositoryOfShops() {
  const repository = gitRepository({
    '.gitignore': 'out/\n',
    'features/sales.yml': yaml('7d'),
    'features/sales.sql': 'SELECT shop, day, known, takings FROM tills',
    'data/tills.jsonl': jsonLines([till('a', 1, 10), till('b', 1, 20), till('a', 2, 11)]),
    'rows.jsonl': jsonLines([
      { shop: 'b', at: '2020-01-03T12:00:00' },
      { shop: 'a', at: '2020-01-02T12:00:00' },
    ]),
  });
  repository.commit('Sales');
  const run = async (...args: string[]) => {
    const { surroundings, said } = fakeSurroundings(repository.directory);
    const exit = await runCommand(['features', ...args], verbs, surroundings);
    return { exit, ...said };
  };
  const json = async (...args: string[]) => {
    const { out, exit } = await run(...args, '--json');
    return { exit, ...JSON.parse(out) };
  };
  return { ...repository, run, json, [Symbol.dispose]: () => repository[Symbol.dispose]() };
}

describe('pulltrain features', () => {
  it('lists, finds and shows what is defined', async () => {
    using shops = repositoryOfShops();
    expect((await shops.run('list')).out).toMatch(/sales\s+shop\s+1\s+[0-9a-f]{12}\s+[0-9a-f]{12}\s+no\s+maya/);
    expect((await shops.json('search', 'MONEY')).found).toEqual([
      expect.objectContaining({ kind: 'feature', name: 'sales:takings' }),
    ]);
    expect(await shops.run('search', 'nothing', 'such')).toMatchObject({ exit: 1 });
    expect(await shops.json('show', 'sales')).toMatchObject({
      kind: 'view',
      usedBy: ['shops@v1'],
      ttl: 604_800,
      build: null,
    });
    expect((await shops.run('show', 'shops@v1')).out).toMatch(/takings\s+double\s+sales:takings\s+by shop/);
    expect(await shops.run('show', 'sale')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('did you mean "sales"?'),
    });
    expect(await shops.run('bild')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('Did you mean features build?'),
    });
    expect((await shops.run('join', '--help')).out).toContain('--rows FILE');
  });

  it('builds each version once, finds equal definitions, and makes any earlier one again', async () => {
    using shops = repositoryOfShops();
    const build = async (...args: string[]) => (await shops.json('build', ...args)).views;
    const [first] = await build();
    expect(first).toMatchObject({ found: false, facts: { rows: 3, ambiguous: 0, unreachable: 0 } });
    // A comment and another description are no other version; another name is not either.
    shops.write({
      'features/sales.sql': '-- all of them\nSELECT shop, day,\n  known, takings FROM tills;\n',
      'features/more.yml': yaml('7d')
        .replace('Takings of a day', 'The same')
        .replace('  sales:', '  same:')
        .replace('sales]', 'same]')
        .replace(/entities.*\n/, '')
        .replace('shops@v1', 'shops@v2'),
    });
    expect(await build()).toMatchObject([
      { version: first.version, found: true },
      { view: 'same', version: first.version, found: true },
    ]);
    shops.write({ 'data/tills.jsonl': jsonLines([till('a', 1, 10)]), 'features/more.yml': null });
    shops.commit('Other data');
    const [second] = await build();
    expect(second.version).not.toBe(first.version);
    expect(await build('--rev', 'HEAD~1')).toMatchObject([{ version: first.version, found: true }]);
    const earlier = readFileSync(first.file);
    writeFileSync(first.file, 'torn');
    const [again] = await build('--rev', 'HEAD~1');
    expect(again).toMatchObject({ version: first.version, found: false });
    expect(readFileSync(again.file).equals(earlier)).toBe(true);
    shops.write({ 'features/sales.yml': yaml('8d') });
    shops.commit('Longer');
    const { versions } = await shops.json('history', 'sales');
    expect(
      versions.map(({ change, commit }: { change: string; commit: { subject: string } }) => [change, commit.subject]),
    ).toEqual([
      ['definition', 'Longer'],
      ['data', 'Other data'],
      ['first', 'Sales'],
    ]);
    expect(versions[2].version).toBe(first.version);
  });

  it('lets SQL of a definition read its inputs and nothing else', async () => {
    using shops = repositoryOfShops();
    shops.write({ 'features/sales.sql': "SELECT t.* FROM tills t, read_text('/etc/hostname')" });
    expect(await shops.run('build')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('reading only its inputs: tills'),
    });
    shops.write({ 'features/sales.sql': 'SELECT shop, day, takings::VARCHAR AS takings FROM tills' });
    expect(await shops.run('build')).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/created time known is not there; feature \(double\) takings is VARCHAR/),
    });
  });

  it('joins what was known, and leaves no half file when it cannot', async () => {
    using shops = repositoryOfShops();
    const out = join(shops.directory, 'out', 'train.csv');
    const join_ = (...more: string[]) =>
      shops.run('join', '--rows', 'rows.jsonl', '--time', 'at', '--out', 'out/train.csv', ...more);
    expect(await join_('--service', 'shops@v2')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('did you mean "shops@v1"?'),
    });
    expect(existsSync(out)).toBe(false);
    shops.write({ 'features/sales.yml': yaml('7d').replace('[sales]', "['sales@000000000000']") });
    expect(await join_('--service', 'shops@v1')).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/sales is [0-9a-f]{12}, not 000000000000/),
    });
    const { views } = await shops.json('list');
    const pin = Buffer.from(views[0].definition.slice(7), 'base64').toString('hex').slice(0, 16);
    shops.write({ 'features/sales.yml': yaml('7d').replace('[sales]', `['sales@${pin}']`) });
    expect(await join_('--service', 'shops@v1')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('100.0 % found'),
    });
    expect(readFileSync(out, 'utf8')).toBe('shop,at,takings\nb,2020-01-03 12:00:00,20.0\na,2020-01-02 12:00:00,10.0\n');
  });

  it('fills the online store on from where it ended, and misses nothing that came late', async () => {
    using shops = repositoryOfShops();
    const fill = async (to: string) => (await shops.json('materialize', '--to', to)).views[0];
    const takings = async (time: string) => {
      const { results } = await shops.json('get', '--service', 'shops@v1', '--entity', 'shop=a,b,c', '--time', time);
      return results[1].values.map((value: unknown, row: number) => value ?? results[1].statuses[row]);
    };
    expect(await fill('2020-01-02')).toMatchObject({ from: null, rows: 2, written: 2 });
    expect(await takings('2020-01-02')).toEqual([10, 20, 'NOT_FOUND']);
    expect(await fill('2020-01-03')).toMatchObject({ from: '2020-01-02T00:00:00Z', rows: 1, written: 1 });
    expect(await takings('2020-01-09')).toEqual([11, 'OUTSIDE_MAX_AGE', 'NOT_FOUND']);
    // A new table says that something was known long ago; nobody had told us.
    shops.write({
      'data/tills.jsonl': jsonLines([till('a', 1, 10), till('a', 2, 11), till('b', 2, 25, 2), till('a', 2, 12, 3)]),
    });
    expect(await fill('2020-01-04')).toMatchObject({ from: null, rows: 2, written: 1 });
    expect(await takings('2020-01-04')).toEqual([expect.any(Number), 25, 'NOT_FOUND']);
    shops.write({ 'push.jsonl': `${jsonLines([till('b', 3, 30), till('b', 1, 1)])}` });
    expect(await shops.json('push', '--view', 'sales', '--rows', 'push.jsonl')).toMatchObject({ rows: 2, written: 1 });
    expect((await takings('2020-01-04'))[1]).toBe(30);
    shops.write({
      'push.jsonl': '{"shop":"b"}\nnot json\n{"shop":5,"day":"2020-01-04","known":"x","takings":"much","more":1}\n',
    });
    const refused = await shops.run('push', '--view', 'sales', '--rows', 'push.jsonl');
    expect(refused).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/line 1: .*line 2: is not a JSON object.*line 3: has unknown columns more/),
    });
    expect((await takings('2020-01-04'))[1]).toBe(30);
  });

  it('compares what was served with what training would have seen', async () => {
    using shops = repositoryOfShops();
    const served = (takings: (number | null)[]) =>
      jsonLines([
        { shop: 'b', at: '2020-01-03T12:00:00', takings: takings[0] ?? null },
        { shop: 'a', at: '2020-01-02T12:00:00', takings: takings[1] ?? null },
        { shop: 'zz', at: '2020-01-02T12:00:00', takings: null },
      ]);
    const skew = (...more: string[]) =>
      shops.json('skew', '--service', 'shops@v1', '--served', 'served.jsonl', '--time', 'at', ...more);
    shops.write({ 'served.jsonl': served([20.000001, 10]) });
    expect(await skew()).toMatchObject({
      exit: 0,
      status: 'pass',
      rows: 3,
      features: [{ feature: 'takings', equal: 3 }],
      examples: [],
    });
    shops.write({ 'served.jsonl': served([21, null]) });
    const bad = await skew('--out', 'skew.json');
    expect(bad).toMatchObject({
      exit: 1,
      status: 'fail',
      features: [{ compared: 3, equal: 1, different: 1, missingServed: 1, missingJoined: 0, largest: 1 }],
      examples: [
        { keys: { shop: 'a' }, served: null, joined: 10 },
        { keys: { shop: 'b' }, served: 21, joined: 20, time: '2020-01-03T12:00:00.000000Z' },
      ],
    });
    const { exit, ...document } = bad;
    expect(JSON.parse(readFileSync(join(shops.directory, 'skew.json'), 'utf8'))).toEqual(document);
    expect(await skew('--min-equal', '0.3')).toMatchObject({ exit: 0 });
    const logged = (takings: number) => ({
      v: 1,
      at: '2020-01-03T12:00:00.000Z',
      model: 'm',
      variant: 'stable',
      features: { shop: 'b', takings },
    });
    shops.write({ 'log/m/1.jsonl': `${JSON.stringify(logged(20))}\n${JSON.stringify(logged(2))}\n{"torn` });
    expect(await shops.json('skew', '--service', 'shops@v1', '--log', 'log', '--model', 'm')).toMatchObject({
      exit: 1,
      features: [{ compared: 2, equal: 1, different: 1 }],
    });
  });
});
