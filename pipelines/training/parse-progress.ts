import { z } from 'zod';
import type { ProgressPoint } from './judge-progress.ts';

/** Names and metrics of one line. */
const mostMetrics = 50;
const metricSchema = z.union([z.number(), z.null()]);
const lineSchema = z.looseObject({
  step: z.number().optional(),
  epoch: z.number().optional(),
  metrics: z.record(z.string().max(200), metricSchema).optional(),
  checkpoint: z.literal(true).optional(),
});

export type ProgressLine = {
  /** Null for a line without metrics. */
  point: ProgressPoint | null;
  /** The checkpoint folder is whole at this moment. */
  checkpoint: boolean;
};

/**
 * One line of a progress file: `{"epoch": 3, "metrics": {"loss": 0.41}}`, `step` in place of `epoch`, or the metrics beside
 * them. `NaN` and `Infinity`, which many programs write though JSON has no such words, are taken for what they mean. Null
 * for a line that is none. `index` stands in for a missing epoch and step.
 */
export function parseProgress(text: string, index: number): ProgressLine | null {
  const line = lineSchema.safeParse(readJson(text)).data;
  if (line === undefined) return null;
  const { step, epoch, metrics, checkpoint, ...beside } = line;
  const named = Object.entries(metrics ?? beside).flatMap(([name, value]): [string, number | null][] => {
    const number = metricSchema.safeParse(value);
    return number.success && name.length <= 200 ? [[name, number.data]] : [];
  });
  const point = { at: epoch ?? step ?? index, metrics: Object.fromEntries(named.slice(0, mostMetrics)) };
  return { point: named.length === 0 ? null : point, checkpoint: checkpoint === true };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.replace(/([:,[]\s*)[+-]?(?:NaN|Infinity|nan|inf)\b/g, '$1null'));
    } catch {
      return null;
    }
  }
}
