import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium on this machine: the variable CHROMIUM, else the usual names on the PATH and in /usr/bin. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment.CHROMIUM;
  if (named !== undefined && named !== '') return isExecutable(named) ? named : null;
  const folders = [...(environment.PATH ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '');
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

/** Why a browser test was left out, for the test's note. */
export const noChromium =
  'left out: no Chromium found. Install one (Debian: apt-get install chromium) or name it in the variable CHROMIUM.';

/** Starts a headless Chromium; the caller closes it. */
export function openChromium(executablePath: string): Promise<Browser> {
  // Inside containers, where tests usually run as root, Chromium's own sandbox cannot start.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
