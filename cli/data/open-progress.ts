import { formatBytes } from '../../pipelines/data/store/format-bytes.ts';
import type { Terminal } from '../verb.ts';

const quiet = 2000;
const pace = 1000;

/** Tells how far a long work has come, by lines with bytes, share and speed; nothing in the first two seconds. */
export function openProgress(terminal: Terminal, verb: string, total: number): (bytes: number) => void {
  const started = performance.now();
  let passed = 0;
  let told = started + quiet - pace;
  return (bytes) => {
    passed += bytes;
    const now = performance.now();
    if (now - told < pace) return;
    told = now;
    const share = total > 0 ? Math.min(1, passed / total) : 0;
    const speed = `${formatBytes(passed / ((now - started) / 1000))}/s`;
    const bar =
      total > 0 ? `[${'#'.repeat(Math.round(share * 20)).padEnd(20, '.')}] ${Math.floor(share * 100)} % ` : '';
    terminal.progress(`${verb} ${bar}${formatBytes(passed)}${total > 0 ? ` of ${formatBytes(total)}` : ''}, ${speed}`);
  };
}
