import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { z } from 'zod';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { quoteText } from '../../pipelines/quote-sql.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const rows = 1_000_000;
/** Fairlearn's guide calls about a hundred resamples workable. */
const resamples = 100;
/** So many of them fairlearn is timed with: each costs it the same, and a hundred would take an hour. */
const timed = 2;

/** What fairlearn needs for the same rates of the same groups; reading the file is not timed. */
const fairlearn = `
import json, sys, time
import pyarrow.parquet as parquet
from fairlearn.metrics import MetricFrame, selection_rate, true_positive_rate, false_positive_rate
from sklearn.metrics import accuracy_score, precision_score
table = parquet.read_table(sys.argv[1]).to_pandas()
metrics = {"selection_rate": selection_rate, "tpr": true_positive_rate, "fpr": false_positive_rate,
           "ppv": precision_score, "accuracy": accuracy_score}
rows = dict(metrics=metrics, y_true=table["y"], y_pred=table["p"], sensitive_features=table["g"])
start = time.perf_counter()
frame = MetricFrame(**rows)
difference = float(frame.difference()["tpr"])
alone = time.perf_counter() - start
start = time.perf_counter()
frame = MetricFrame(**rows, n_boot=int(sys.argv[2]), ci_quantiles=[0.025, 0.975], random_state=1)
frame.by_group_ci, frame.difference_ci(), frame.ratio_ci()
print(json.dumps({"alone": alone, "seconds": time.perf_counter() - start, "difference": difference}))
`;

const answerSchema = z.object({
  attributes: z.array(
    z.object({
      disparities: z.array(z.object({ measure: z.string(), difference: z.object({ value: z.number().nullable() }) })),
    }),
  ),
});

const theirsSchema = z.object({ alone: z.number(), seconds: z.number(), difference: z.number() });
type Theirs = z.infer<typeof theirsSchema>;

/**
 * Times `pulltrain fairness` on a million rows, the start of the process and the reading of the file included, beside
 * fairlearn's MetricFrame with the same groups and rates: fairlearn's time is taken with none and with a few
 * of the resamples, each of which costs it the same. The Python with fairlearn is named in FAIRLEARN_PYTHON, else
 * `python3`; without it our own figures stand alone.
 */
async function benchFairness(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pulltrain-bench-'));
  try {
    const table: string[][] = [
      [
        'rows, groups, resamples',
        'pulltrain',
        `fairlearn, ${timed} resamples`,
        'the same by proportion',
        'times as fast',
      ],
    ];
    for (const groups of [50, 200]) {
      const file = join(folder, `${groups}.parquet`);
      await writeRows(file, groups);
      const own = runOwn(file, resamples, ['--prediction', 'p']);
      process.stderr.write('Asking fairlearn, which takes minutes\n');
      const theirs = groups === 50 ? runFairlearn(file) : null;
      if (theirs !== null && Math.abs(theirs.difference - own.difference) > 1e-9) {
        throw new Error(`not the same numbers: ${own.difference} and ${theirs.difference}`);
      }
      table.push([
        `1 M, ${groups}, ${resamples}`,
        `${own.seconds.toFixed(1)} s`,
        theirs === null ? '' : `${theirs.seconds.toFixed(1)} s`,
        theirs === null ? '' : `${proportional(theirs).toFixed(0)} s`,
        theirs === null ? '' : (proportional(theirs) / own.seconds).toFixed(0),
      ]);
      const full = runOwn(file, 2000, ['--score', 's']);
      table.push([`1 M, ${groups}, 2000, areas and calibration too`, `${full.seconds.toFixed(1)} s`, '', '', '']);
    }
    const missing = table.slice(1).every(([, , theirs]) => theirs === '');
    return `${markdownTable(table)}${missing ? '\n\nfairlearn was left out: no Python that has it (name one in FAIRLEARN_PYTHON).' : ''}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With all resamples, from the time with none and that with some. */
function proportional({ alone, seconds }: Theirs): number {
  return alone + ((seconds - alone) * resamples) / timed;
}

async function writeRows(file: string, groups: number): Promise<void> {
  const tables = await openTables({ threads: 1 });
  await tables.query('SELECT setseed(0.5)');
  await tables.query(`COPY (SELECT CAST(random() < s AS INTEGER) AS y, CAST(s >= 0.5 AS INTEGER) AS p, s, g FROM
    (SELECT 1 / (1 + exp(6 * (0.5 - random()))) AS s, 'group ' || CAST(floor(random() * ${groups}) AS INTEGER) AS g FROM range(${rows})))
    TO ${quoteText(file)} (FORMAT parquet)`);
  tables.close();
}

function runOwn(file: string, draws: number, decided: readonly string[]): { seconds: number; difference: number } {
  const start = performance.now();
  const asked = [
    'fairness',
    '--data',
    file,
    '--label',
    'y',
    ...decided,
    '--by',
    'g',
    '--resamples',
    String(draws),
    '--json',
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...asked], {
    maxBuffer: 2 ** 28,
    encoding: 'utf8',
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(stderr);
  const [attribute] = answerSchema.parse(JSON.parse(stdout)).attributes;
  const gap = attribute?.disparities.find(({ measure }) => measure === 'tpr')?.difference.value;
  return { seconds, difference: gap ?? Number.NaN };
}

function runFairlearn(file: string): Theirs | null {
  const python = process.env.FAIRLEARN_PYTHON ?? 'python3';
  if (spawnSync(python, ['-c', 'import fairlearn']).status !== 0) return null;
  const { stdout, stderr, status } = spawnSync(python, ['-c', fairlearn, file, String(timed)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return theirsSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

process.stdout.write(`${await benchFairness()}\n`);
