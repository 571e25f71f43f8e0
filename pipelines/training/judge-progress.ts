import type { TrainingProgress } from '../contracts/run-record.ts';
import type { StageOptions } from './stage-options.ts';

/** One report of a training program: where it stands, and its metrics; null where one was not a finite number. */
export type ProgressPoint = TrainingProgress['points'][number];

export type ProgressJudge = {
  /** Takes a report and returns why the stage is to be stopped, the first time there is a reason. */
  take(point: ProgressPoint): NonNullable<TrainingProgress['stopped']> | null;
  result(): TrainingProgress;
};

/** Points of one record; of more, every second one is dropped again and again. */
const mostPoints = 400;

/**
 * Applies the rules of a stage to what it reports. A metric whose name speaks of a loss and that is not a finite number ends
 * the stage (`non-finite`); a metric that has not become better by `min_delta` for `patience` reports asks it to stop.
 */
export function judgeProgress({ stop, non_finite }: StageOptions): ProgressJudge {
  let points: ProgressPoint[] = [];
  let stride = 1;
  let count = 0;
  let newest: ProgressPoint | null = null;
  let stopped: TrainingProgress['stopped'] = null;
  let best: { value: number; at: number } | null = null;
  let since = 0;

  function keep(point: ProgressPoint): void {
    if (count % stride === 0) points.push(point);
    newest = point;
    count += 1;
    if (points.length <= mostPoints) return;
    points = points.filter((_, index) => index % 2 === 0);
    stride *= 2;
  }

  function findReason(point: ProgressPoint): TrainingProgress['stopped'] {
    const broken = Object.entries(point.metrics).find(([name, value]) => value === null && /loss/i.test(name));
    if (broken !== undefined && non_finite === 'fail') {
      return { rule: 'non-finite', message: `${broken[0]} was not a finite number at ${point.at}` };
    }
    if (stop === undefined || !Object.hasOwn(point.metrics, stop.metric)) return null;
    const value = point.metrics[stop.metric] ?? null;
    const sign = stop.direction === 'min' ? -1 : 1;
    if (value !== null && (best === null || sign * (value - best.value) > stop.min_delta)) {
      best = { value, at: point.at };
      since = 0;
      return null;
    }
    since += 1;
    if (since < stop.patience) return null;
    const record = best === null ? 'has had no value' : `has not been better than ${best.value} since ${best.at}`;
    return { rule: 'patience', message: `${stop.metric} ${record}: ${since} reports` };
  }

  return {
    take(point) {
      keep(point);
      if (stopped !== null) return null;
      stopped = findReason(point);
      return stopped;
    },
    result: () => ({
      points: newest === null || points.at(-1) === newest ? points : [...points, newest],
      stopped,
    }),
  };
}
