import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { addLateRates } from '../../sandbox/story/changes/add-late-rates.ts';
import { firstModel } from '../../sandbox/story/changes/first-model.ts';
import type { Edits } from '../../sandbox/story/open-person.ts';
import { listJudged } from '../../sandbox/story/read-ledger.ts';
import { type OpenPull, openPull } from '../../sandbox/story/steps/open-pull.ts';
import type { Story } from '../../sandbox/story/story.ts';
import { type JudgedPull, judgePull } from './judge-pull.ts';
import { openSmallWorld } from './open-small-world.ts';

const minutes = 60_000;
const trainFile = 'src/train.ts';
const configFile = 'pulltrain.yml';

/** Training programs that go wrong, what becomes of their pull request and what its comment has to say. */
const badPrograms = [
  {
    what: 'a stage that exits with 1',
    program: () => "console.error('there is no month 13');\nprocess.exitCode = 1;\n",
    problem: 'run-failed',
    told: [
      'Training failed; correct it and push again. Stage train ended with exit code 1.',
      'there is no month 13',
      '[Training logs](',
    ],
  },
  {
    what: 'a file that is not ONNX',
    program: () => `import { mkdir, writeFile } from 'node:fs/promises';
await mkdir('out', { recursive: true });
await writeFile('out/model.onnx', 'weights = 1, 2, 3');
await writeFile('out/metrics.json', '{}');
`,
    problem: 'run-failed',
    told: ['the file is not an ONNX model', 'The last stage of the pipeline has to write one ONNX file.'],
  },
  {
    what: 'inputs that the holdout does not have',
    program: (story: Story) =>
      edit(
        story,
        trainFile,
        'exportOnnx(forest, params.features)',
        "exportOnnx(forest, params.features.map((name) => (name === 'distance' ? 'altitude' : name)))",
      ),
    problem: 'model-inputs-mismatch',
    told: [
      'the inputs of the model do not fit the holdout (got no column altitude, which input altitude of ',
      'Correct the columns of the holdout on the default branch, or train with the ones it has.',
    ],
  },
];

/** Five faults by the words that make them. */
const faults = [
  ['timeout: 15m', 'timeout: soon'],
  ['task: binary', 'task: binery'],
  ['newest: month', 'newest: decade'],
  ['threshold: 0.2', 'threshold: 2'],
  ['max_error_rate: 0.01', 'max_eror_rate: 0.01'],
] as const;

describe('what goes wrong with a pull request is told there, and nothing is lost', () => {
  let world: Awaited<ReturnType<typeof openSmallWorld>>;
  const submitted = new Map<string, OpenPull>();

  beforeAll(async () => {
    world = await openSmallWorld();
    for (const { what, program } of badPrograms) {
      submitted.set(what, await submit(world.story, `Write ${what}`, { [trainFile]: program(world.story) }));
    }
  }, 3 * minutes);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  }, minutes);

  it.each(badPrograms)(
    '$what',
    async ({ what, problem, told }) => {
      const pull = submitted.get(what);
      if (pull === undefined) throw new Error(`${what} was not submitted`);
      expectError(await judgePull(world.story, pull), problem, told);
    },
    2 * minutes,
  );

  it(
    'a stage that hangs past its timeout',
    async () => {
      const { story } = world;
      await setPolicy(story, 'Five seconds to train', edit(story, configFile, 'timeout: 15m', 'timeout: 5s'));
      const pull = await submit(story, 'Wait for ever', { [trainFile]: 'setInterval(() => {}, 1000);\n' });
      expectError(await judgePull(story, pull), 'run-failed', [
        'Stage train did not end within the 5 s that training may take: make it faster, or raise timeout in pulltrain.yml.',
      ]);
    },
    2 * minutes,
  );

  it(
    'a holdout without a labelled row',
    async () => {
      const { story } = world;
      await setPolicy(story, 'Labels got lost', story.example[configFile], await unlabelled(story));
      const pull = await submit(story, 'Meet an empty holdout');
      expectError(await judgePull(story, pull), 'holdout-empty', [
        'no row of the holdout can judge (got 0 rows with a value of late by the rule "newest month of date that has labels")',
        'Add labelled rows, or change the window in pulltrain.yml on the default branch.',
      ]);
    },
    2 * minutes,
  );

  it(
    'a configuration with five faults; a good model passes when they are corrected',
    async () => {
      const { story } = world;
      const faulty = faults.reduce((text, [from, to]) => text.replace(from, to), story.example[configFile] ?? '');
      await setPolicy(story, 'Five mistakes', faulty, story.tables.aprilHoldout);
      const pull = await submit(story, 'Meet a faulty policy');
      const lines = faults.map(([, words]) => faulty.split('\n').findIndex((line) => line.includes(words)) + 1);
      expect(Math.min(...lines)).toBeGreaterThan(0);
      expectError(await judgePull(story, pull), 'config-invalid', [
        'pulltrain.yml of the default branch has 5 faults.',
        ...lines.map((line) => `pulltrain.yml:${line}:`),
      ]);

      await setPolicy(story, 'No mistakes', story.example[configFile]);
      const { check, judgement, comments } = await judgePull(story, await submit(story, 'Do it right'));
      expect(judgement.evaluated.problems).toEqual([]);
      expect({ conclusion: check.conclusion, comments: comments.length }).toEqual({
        conclusion: 'success',
        comments: 1,
      });
      // Every judgement of before is still there.
      expect(await listJudged(story.maya.octokit)).toHaveLength(badPrograms.length + 4);
    },
    4 * minutes,
  );
});

/** Opens a pull request with the whole model and these edits on top. */
function submit(story: Story, title: string, edits: Edits = {}): Promise<OpenPull> {
  return openPull(story, {
    author: story.maya,
    branch: title.toLowerCase().replaceAll(' ', '-'),
    title,
    body: '',
    edits: { ...firstModel(story.example), ...addLateRates(story.example), ...edits },
    work: (directory) =>
      story.addData(directory, {
        path: 'data/flights-2001-03.parquet',
        table: story.tables.firstSnapshot,
        store: 'training',
      }),
  });
}

/** Puts a configuration, and a holdout when one is given, onto the default branch. */
function setPolicy(story: Story, message: string, config = '', holdout: string | null = null): Promise<string> {
  return story.dana.push({
    branch: 'main',
    message,
    edits: { [configFile]: config },
    work: async (directory) => {
      if (holdout === null) return;
      await story.addData(directory, { path: 'data/holdout.parquet', table: holdout, store: 'holdout' });
    },
  });
}

function edit(story: Story, path: string, from: string, to: string): string {
  const text = story.example[path] ?? '';
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  return text.replace(from, to);
}

async function unlabelled({ tables: { aprilHoldout } }: Story): Promise<string> {
  const path = join(dirname(aprilHoldout), 'unlabelled.parquet');
  const tables = await openTables({ threads: 1 });
  try {
    await tables.query(
      `COPY (SELECT * REPLACE (CAST(NULL AS INTEGER) AS late) FROM '${aprilHoldout}') TO '${path}' (FORMAT parquet)`,
    );
  } finally {
    tables.close();
  }
  return path;
}

/** A judgement that could not be made: red, told in one comment, kept in the ledger. */
function expectError({ judgement, comments, check }: JudgedPull, problem: string, told: readonly string[]): void {
  expect(check.conclusion).toBe('failure');
  expect(check.title).toMatch(/^flight-delay: could not be judged \(/);
  expect(judgement.verdict.status).toBe('error');
  expect(judgement.evaluated.problems.map(({ code }) => code)).toContain(problem);
  expect(comments).toHaveLength(1);
  for (const words of told) expect(comments[0]).toContain(words);
}
