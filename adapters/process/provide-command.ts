import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../workspace/write-file-atomically.ts';

/**
 * Makes `pulltrain` a command for the stages of a checkout, run by this very Node: a script in `.pulltrain/bin`, whose
 * folder comes first on their PATH. `entry` is the file behind the command. Returns the folder.
 */
export async function provideCommand(directory: string, entry: string): Promise<string> {
  const script = join(directory, '.pulltrain', 'bin', 'pulltrain');
  const text = `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(entry)} "$@"\n`;
  if ((await readFile(script, 'utf8').catch(() => null)) !== text) {
    await mkdir(dirname(script), { recursive: true });
    await writeFileAtomically(script, text);
    await chmod(script, 0o755);
  }
  return dirname(script);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
