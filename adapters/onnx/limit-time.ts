export type TimeLimits = {
  /** Milliseconds without progress. */
  time: number;
  /** Milliseconds from start to stop. */
  total: number;
};

/** Calls `late` when there is no progress for too long, or no end. Before the first start only progress is missed. */
export function limitTime({ time, total }: TimeLimits, late: (allowed: number) => void) {
  let end = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const stopTime = () => clearTimeout(timer);
  const renewTime = () => {
    stopTime();
    const left = Math.max(0, end - performance.now());
    timer = left < time ? setTimeout(() => late(total), left) : setTimeout(() => late(time), time);
  };
  const startTime = () => {
    end = performance.now() + total;
    renewTime();
  };
  renewTime();
  return { startTime, renewTime, stopTime };
}
