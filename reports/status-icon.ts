import type { Status } from '../pipelines/contracts/common.ts';

export const statusIcons: Readonly<Record<Status, string>> = {
  pass: '✅',
  inconclusive: '⚠️',
  fail: '❌',
  error: '⛔',
};
