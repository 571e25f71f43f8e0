import { durationSchema } from './schema.ts';

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a duration as the configuration writes it: `90s`, `10m`, `12h`, `7d`. Throws for anything else. */
export function durationSeconds(duration: string): number {
  const text = durationSchema.parse(duration);
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? Number.NaN);
}
