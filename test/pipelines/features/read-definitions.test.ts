import { describe, expect, test } from 'vitest';
import { FeaturesInvalid } from '../../../pipelines/features/features-invalid.ts';
import { readDefinitions } from '../../../pipelines/features/read-definitions.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';

const entities = 'version: 1\nentities:\n  airport: { keys: { airport: string } }\n';

async function faultsOf(files: Record<string, string>): Promise<string[]> {
  const fault = await readDefinitions(memoryTree(files)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(fault instanceof FeaturesInvalid)) throw new Error(`expected faults, got ${String(fault)}`);
  return fault.faults.map(({ file, line, column, path, message }) => `${file}:${line}:${column} ${path}: ${message}`);
}

describe('definition files', () => {
  test('are read as one whole, with SQL beside them and paths out of params.yaml', async () => {
    const tree = memoryTree({
      'params.yaml': 'data: { snapshot: data/flights-03.parquet }\n',
      'features/a.yml': `${entities}services:\n  flights@v2:\n    owner: maya\n    features:\n      - rates\n      - { view: 'days@0123456789ab', features: [open], keys: { airport: to }, as: { open: open_there } }\n`,
      'features/sub/b.yaml': `version: 1
views:
  rates:
    entity: airport
    source: { sql: rates.sql, inputs: { flights: '\${data.snapshot}', days: { view: days } } }
    time: day
    created: known
    ttl: 7d
    features: { rate: { type: double, description: 'Late ones', tags: [late] }, n: int }
  days: { entity: [airport], source: { file: data/days.csv }, time: day, features: { open: bool } }
`,
      'features/sub/rates.sql': '-- why\nSELECT *\n  FROM flights; ',
      'features/notes.txt': 'no definition',
    });
    const { views, services } = await readDefinitions(tree);
    expect([...views.keys()]).toEqual(['days', 'rates']);
    expect(views.get('rates')).toMatchObject({
      file: 'features/sub/b.yaml',
      keys: [{ name: 'airport', type: 'string' }],
      sql: 'SELECT * FROM flights',
      inputs: { flights: { file: 'data/flights-03.parquet' }, days: { view: 'days' } },
      created: 'known',
      ttl: 7 * 86_400,
    });
    expect(services.get('flights@v2')?.items).toMatchObject([
      { view: 'rates', pin: null, features: [{ as: 'rate' }, { as: 'n' }] },
      {
        view: 'days',
        pin: '0123456789ab',
        keys: [{ name: 'airport', column: 'to' }],
        features: [{ as: 'open_there' }],
      },
    ]);
  });

  test('tell all their faults at once, each with its file, line and column', async () => {
    const view = (text: string) => `${entities}views:\n  rates:\n${text}`;
    expect(
      await faultsOf({
        'features/a.yml': view(
          '    entity: airprot\n    source: { sql: SELECT now() FROM x; DROP TABLE x, inputs: { x: data/x.xlsx, y: { view: nobody } } }\n    time: day\n    features: { day: int, airport: int }\n',
        ),
        'features/b.yml':
          'version: 1\nviews:\n  broken:\n    entity: airport\n    tme: day\n    source: { file: data/x.csv }\n    features: {}\n',
        'features/c.yml':
          'version: 1\nservices:\n  one@v1: { features: [broken, "rates:nothing", rattes] }\n  two: { features: [rates] }\n',
      }),
    ).toEqual([
      'features/a.yml:6:13 views.rates.entity: there is no entity "airprot"; did you mean "airport"?',
      'features/a.yml:7:20 views.rates.source.sql: must be one statement',
      'features/a.yml:7:20 views.rates.source.sql: calls now, which gives another answer every time, so that no version could name the result',
      expect.stringMatching(/^features\/a\.yml:7:\d+ views\.rates\.source\.inputs\.x: "data\/x\.xlsx" is no table/),
      expect.stringMatching(/^features\/a\.yml:7:\d+ views\.rates\.source\.inputs\.y: there is no view "nobody"/),
      expect.stringMatching(/^features\/a\.yml:9:\d+ views\.rates\.features\.day: "day" is the column of time already/),
      'features/b.yml:5:5 views.broken.tme: unknown key "tme"; did you mean "time"?',
      'features/b.yml:7:5 views.broken.features: is empty',
      'features/c.yml:4:3 services.two: expected a name and a version, e.g. flight_features@v1',
    ]);
  });

  test.each([
    [
      'a service that names what is not there',
      'services:\n  s@v1:\n    features:\n      - "days:opne"\n      - { view: dayz }\n      - { view: days, keys: { port: x }, as: { closed: y } }\n      - "days:open"\n      - days@xyz\n',
      [
        '7:9 services.s@v1.features.0: there is no feature of days "opne"; did you mean "open"?',
        '8:17 services.s@v1.features.1.view: there is no view "dayz"; did you mean "days"?',
        '9:37 services.s@v1.features.2.keys.port: there is no join key of days "port" (allowed: airport)',
        '9:56 services.s@v1.features.2.as.closed: there is no feature in this entry "closed" (allowed: open)',
        '10:9 services.s@v1.features.3: gives a second column "open", after entry 3; rename one with "as"',
        '11:9 services.s@v1.features.4: "xyz" is no beginning of a definition (12 hex digits at least, as "features list" shows it)',
        '11:9 services.s@v1.features.4: gives a second column "open", after entry 3; rename one with "as"',
      ],
    ],
    [
      'views that read each other',
      'views:\n  a: { entity: airport, source: { sql: SELECT * FROM b, inputs: { b: { view: b } } }, time: t, features: { f: int } }\n  b: { entity: airport, source: { sql: SELECT * FROM a, inputs: { a: { view: a } } }, time: t, features: { f: int } }\n',
      ['6:67 views.b.source.inputs.a: goes in a circle: a reads b reads a'],
    ],
    [
      'SQL that is not there, and a parameter that is not there',
      `views:\n  a: { entity: airport, source: { sql: a.sql, inputs: { b: "\${nope}" } }, time: t, features: { f: int } }\n`,
      [
        '5:40 views.a.source.sql: there is no file features/a.sql',
        `5:60 views.a.source.inputs.b: \${nope} is not known (allowed: )`,
      ],
    ],
  ])('tell %s', async (_, text, expected) => {
    const days =
      'version: 1\nviews:\n  days: { entity: airport, source: { file: data/days.csv }, time: day, features: { open: bool } }\n';
    const faults = await faultsOf({ 'features/a.yml': `${entities}${text}`, 'features/days.yml': days });
    expect(faults.map((fault) => fault.replace('features/a.yml:', ''))).toEqual(expected);
  });
});
