import { fileURLToPath } from 'node:url';

/** The file behind the command `pulltrain`: this one when everything is bundled into it, else the entry beside it. */
export function commandFile(): string {
  return fileURLToPath(import.meta.url.endsWith('.ts') ? new URL('main.mjs', import.meta.url) : import.meta.url);
}
