import type { BotLog } from './ports.ts';
import { redact } from './redact.ts';

/** JSON lines for machines to collect, one per fact, with every secret taken out of every value. */
export function openLog(write: (line: string) => void, now: () => Date, secrets: readonly string[]): BotLog {
  const log = (level: 'info' | 'error') => (facts: Record<string, unknown>, message: string) => {
    const line = JSON.stringify({ level, time: now().toISOString(), message, ...facts });
    // Inside JSON a key's line ends are escaped.
    const escaped = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
    write(`${redact(line, [...secrets, ...escaped])}\n`);
  };
  return { info: log('info'), error: log('error') };
}
