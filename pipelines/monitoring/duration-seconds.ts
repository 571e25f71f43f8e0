import { PulltrainError } from '../errors.ts';

const seconds = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
]);

/** Seconds of a duration as the configuration writes it: `90s`, `10m`, `12h`, `7d`. Throws `duration-invalid`. */
export function durationSeconds(duration: string): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smhd])$/.exec(duration) ?? [];
  const factor = seconds.get(unit);
  if (amount !== undefined && factor !== undefined) return Number(amount) * factor;
  throw new PulltrainError('duration-invalid', {
    what: 'not a length of time',
    seen: duration,
    allowed: 'a number and s, m, h or d, e.g. 7d',
  });
}
