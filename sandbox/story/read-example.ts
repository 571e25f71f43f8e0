import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const unpinned = /(pulltrain\/pulltrain(?:\/[\w-]+)*)@0{40}/g;

/**
 * The example's files by path, as a person would copy them: what this checkout's `.gitignore` leaves out is left out,
 * and Pulltrain's own actions are pinned to the commit they come from (zeros where the checkout has no commit).
 */
export async function readExample(root: string): Promise<Record<string, string>> {
  const folder = join(root, 'examples/flight-delays');
  const pin = await run('git', ['rev-parse', 'HEAD'], { cwd: root }).then(
    ({ stdout }) => stdout.trim(),
    () => '0'.repeat(40),
  );
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: folder,
  });
  const paths = stdout.split('\0').filter((path) => path !== '');
  const files = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(folder, path), 'utf8');
      return [path, path.startsWith('.github/') ? text.replace(unpinned, `$1@${pin}`) : text] as const;
    }),
  );
  return Object.fromEntries(files);
}
