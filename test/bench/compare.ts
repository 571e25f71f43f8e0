import { markdownTable } from 'markdown-table';
import { compareMetrics } from '../../pipelines/comparison/compare-metrics.ts';
import { defaultOptions } from '../../pipelines/comparison/compare-options.ts';
import { binaryRows } from '../../pipelines/evaluation/judged-rows.ts';
import { drawPredictions } from '../pipelines/comparison/predictions.ts';

// Times the paired comparison of ten metrics: node test/bench/compare.ts [rows] [resamples]

const rows = Number(process.argv[2] ?? 100_000);
const resamples = Number(process.argv[3] ?? 2000);
const names = [
  'roc_auc',
  'pr_auc',
  'log_loss',
  'brier',
  'ece',
  'accuracy',
  'precision',
  'recall',
  'f1',
  'mcc',
] as const;

function main(): void {
  const { labels, base, head } = drawPredictions({ rows });
  const sides = () => [base, head].map((scores) => binaryRows(labels, scores, { threshold: 0.5 }));
  const time = (options: typeof defaultOptions) => {
    const [before, after] = sides();
    if (before === undefined || after === undefined) throw new Error('no rows');
    const started = performance.now();
    const cpu = process.cpuUsage();
    compareMetrics(names, before, after, options);
    const { user, system } = process.cpuUsage(cpu);
    return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
  };
  const own = { by: 'row', of: Uint32Array.from(labels.keys()), count: rows };
  const cases = [
    ['each by its own method', time({ ...defaultOptions, resamples })],
    ['all by drawing rows, the same draws for all', time({ ...defaultOptions, resamples, cluster: own })],
  ] as const;
  const table = [
    [`${names.length} metrics, ${rows} rows, ${resamples} resamples`, 'elapsed', 'processor', 'limit', 'ratio'],
    ...cases.map(([what, { wall, cpu }]) => [
      what,
      `${wall.toFixed(2)} s`,
      `${cpu.toFixed(2)} s`,
      '5 s',
      (wall / 5).toFixed(2),
    ]),
  ];
  process.stdout.write(`${markdownTable(table, { align: ['l', 'r', 'r', 'r', 'r'] })}\n`);
}

main();
