import { readdirSync, readFileSync } from 'node:fs';

/** Bytes of resident memory of all processes in a group, as Linux counts them; null where there is no `/proc`. */
export function readGroupMemory(group: number): number | null {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return null;
  }
  let bytes = 0;
  for (const name of names) if (groupOf(name) === group) bytes += residentBytes(name);
  return bytes === 0 ? null : bytes;
}

/** Field 5 of `stat`; the name in parentheses before it may hold anything. */
function groupOf(name: string): number | null {
  const text = readOrEmpty(`/proc/${name}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[2] === undefined ? null : Number(fields[2]);
}

function residentBytes(name: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readOrEmpty(`/proc/${name}/status`))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Processes come and go while we look. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
