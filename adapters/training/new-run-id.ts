import { randomBytes } from 'node:crypto';

/** Name of a run on this machine: its start in UTC and six random digits, so that names sort by time. */
export function newRunId(now = new Date()): string {
  const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `${time}-${randomBytes(3).toString('hex')}`;
}
