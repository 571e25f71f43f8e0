// Installs when package-lock.json has changed since the last install. Plain JavaScript: an older Node runs it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.pulltrain-lock`;
const lock = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('Installing dependencies (once per lock file)\n');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // Standard output belongs to the command that follows, e.g. `npm start -- --json`.
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
    // The CPU runtime needs no download; the install script would fetch CUDA and fail where that host is blocked.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (done.status !== 0) {
    process.stderr.write(
      'npm ci failed, see above. Check the network and free disk space, then run the command again.\n',
    );
    process.exit(done.status ?? 1);
  }
  writeFileSync(stamp, lock);
}
