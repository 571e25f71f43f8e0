import type { Cost } from '../contracts/evaluation.ts';
import type { Latency, OpenModel, Scores } from '../ports/scorer.ts';

type Measured = { latencies: Latency[]; answers: Pick<Scores, 'rows' | 'seconds'>; peakMemory: number | null };

/** What it costs to have a model: file, start, calls, memory. */
export function costOf(
  { description, loadMs, provider }: Pick<OpenModel, 'description' | 'loadMs' | 'provider'>,
  { latencies, answers, peakMemory }: Measured,
): Cost {
  const single = latencies.find(({ rows }) => rows === 1);
  const largest = latencies.at(-1);
  // By the calls that were timed with nothing beside them: while all rows are scored, other work goes on.
  const perRow =
    largest === undefined ? answers.seconds / Math.max(1, answers.rows) : largest.p50Ms / 1000 / largest.rows;
  return {
    size: description.size,
    loadMs,
    latencyP50Ms: single?.p50Ms ?? 0,
    latencyP95Ms: single?.p95Ms ?? 0,
    rowsPerSecond: 1 / Math.max(perRow, 1e-9),
    latencies,
    provider,
    ...(peakMemory === null ? {} : { peakMemory }),
  };
}
