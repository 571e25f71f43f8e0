import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { markdownTable } from 'markdown-table';
import { z } from 'zod';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

const reportSchema = z.object({
  holds: z.boolean(),
  seconds: z.number(),
  chapters: z.array(
    z.object({
      number: z.number(),
      title: z.string(),
      seconds: z.number(),
      steps: z.array(z.object({ title: z.string(), seconds: z.number() })),
    }),
  ),
  calls: z.array(
    z.object({
      chapter: z.number(),
      update: z.number(),
      routes: z.array(z.object({ route: z.string(), count: z.number() })),
    }),
  ),
  work: z.array(z.object({ title: z.string(), training: z.number(), scoring: z.number() })),
});

/** Plays the whole story once and prints what it cost, each figure beside its limit. */
async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'pulltrain-bench-'));
  const file = join(directory, 'report.json');
  process.stderr.write('Playing the story once (about three minutes)\n');
  try {
    await run(process.execPath, [join(root, 'sandbox/story/main.ts'), '--once', '--port', '0', '--report', file], {
      maxBuffer: 64 * 1024 * 1024,
    });
    const report = reportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    process.stdout.write(`${tableOf(report)}\n`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function tableOf({ chapters, calls, work }: z.infer<typeof reportSchema>): string {
  const told = chapters.filter(({ number }) => number > 0);
  const second = told.find(({ number }) => number === 2);
  const judged = work.find(({ title }) => title.includes('7-day late rates'));
  const own = (second?.seconds ?? Number.NaN) - (judged?.training ?? Number.NaN) - (judged?.scoring ?? Number.NaN);
  // Chapter 5 opens its pull request by a command, which is counted there too.
  const perUpdate = calls.filter(({ chapter }) => chapter >= 1 && chapter <= 3);
  const row = (what: string, value: number, unit: string, limit: number) => [
    what,
    `${value.toFixed(1)} ${unit}`,
    `${limit} ${unit}`,
    (value / limit).toFixed(2),
  ];
  return markdownTable(
    [
      ['figure', 'measured', 'limit', 'ratio'],
      row(
        'five chapters',
        told.reduce((sum, { seconds }) => sum + seconds, 0),
        's',
        180,
      ),
      row('chapter 2 but training and scoring', own, 's', 15),
      ...perUpdate.map(({ chapter, update }) =>
        row(`GitHub API calls for the pull request of chapter ${chapter}`, update, 'calls', 30),
      ),
      ...told.map(({ number, title, seconds }) => [`chapter ${number}, ${title}`, `${seconds.toFixed(1)} s`, '', '']),
      ...work.map(({ title, training, scoring }) => [
        `training, scoring of "${title}"`,
        `${training.toFixed(1)} s, ${scoring.toFixed(1)} s`,
        '',
        '',
      ]),
    ],
    { align: ['l', 'r', 'r', 'r'] },
  );
}

const [subject, ...rest] = process.argv.slice(2);
const scripts = ['pipeline', 'profile', 'scoring', 'fairness', 'compare', 'calibration'];
if (subject !== undefined && scripts.includes(subject)) {
  const script = join(root, 'test/bench', `${subject}.ts`);
  process.exitCode = spawnSync(process.execPath, [script, ...rest], { stdio: 'inherit' }).status ?? 1;
} else if (subject === 'data') {
  const { benchData } = await import('./data.ts');
  benchData(rest);
} else await main();
