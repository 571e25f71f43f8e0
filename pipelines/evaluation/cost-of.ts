import type { Cost } from '../contracts/evaluation.ts';
import type { Latency, OpenModel, Scores } from '../ports/scorer.ts';

type Measured = { latencies: Latency[]; answers: Pick<Scores, 'rows' | 'seconds'>; peakMemory: number | null };

/** What it costs to have a model: file, start, calls, memory. */
export function costOf(
  { description, loadMs }: Pick<OpenModel, 'description' | 'loadMs'>,
  { latencies, answers, peakMemory }: Measured,
): Cost {
  const single = latencies.find(({ rows }) => rows === 1);
  return {
    size: description.size,
    loadMs,
    latencyP50Ms: single?.p50Ms ?? 0,
    latencyP95Ms: single?.p95Ms ?? 0,
    rowsPerSecond: Math.max(1, answers.rows) / Math.max(answers.seconds, 1e-6),
    latencies,
    ...(peakMemory === null ? {} : { peakMemory }),
  };
}
