import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Links } from '../../reports/links.ts';

export type PageRequest = { judgement: string; page: string; links: Links };

export type PageDrawer = {
  /** Tells why there is no page, or null. */
  draw(request: PageRequest): Promise<string | null>;
  stop(): void;
};

/** Milliseconds; a page takes one second. */
const patience = 60_000;

/**
 * Starts the process that draws the page. It draws what it can of `evaluated`, the file that was handed over, while this one
 * compares; nothing waits for it but the page. A judgement stands without it.
 */
export function startPage(evaluated: string): PageDrawer {
  const child = spawn(process.execPath, [childScript(), evaluated], { env: {}, stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(0, 2000);
  });
  child.stdin.on('error', () => {});
  const ended = new Promise<string | null>((resolve) => {
    child.once('error', (fault) => resolve(fault.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : complaint.trim() || `ended by ${signal ?? code}`),
    );
  });
  const stop = () => {
    child.kill('SIGKILL');
  };
  return {
    async draw(request) {
      const timer = setTimeout(stop, patience);
      child.stdin.end(JSON.stringify(request));
      try {
        return await ended;
      } finally {
        clearTimeout(timer);
      }
    },
    stop,
  };
}

/** Bundled, the child lies beside the action; from source, beside this file. */
function childScript(): string {
  const script = import.meta.url.endsWith('.cjs') ? './page-child.cjs' : './page-child.ts';
  return fileURLToPath(new URL(script, import.meta.url));
}
