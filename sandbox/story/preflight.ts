import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { PulltrainError } from '../../pipelines/errors.ts';

const run = promisify(execFile);

/** Bytes that a whole story writes at most: data, repositories, artifacts, logs. */
const neededBytes = 2 * 1024 ** 3;

/** Everything that would stop the story later, said before anything is started. Throws the first fault found. */
export async function preflight({ directory, port }: { directory: string; port: number }): Promise<void> {
  await requireGit();
  await requireSpace(directory);
  await requirePort(port);
}

async function requireGit(): Promise<void> {
  try {
    await run('git', ['--version']);
  } catch (cause) {
    throw new PulltrainError('git-missing', {
      what: 'git was not found on the PATH',
      cure: 'Install git 2.30 or newer (Debian: apt-get install git) and run npm start again.',
      cause,
    });
  }
}

async function requireSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new PulltrainError('disk-full', {
    where: directory,
    what: 'not enough free disk space for the story',
    seen: `${(free / 1024 ** 2).toFixed(0)} MB`,
    allowed: `${neededBytes / 1024 ** 2} MB or more`,
    cure: 'Free some space and run npm start again.',
  });
}

function requirePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) =>
      reject(
        new PulltrainError('port-taken', {
          where: `127.0.0.1:${port}`,
          what: 'the port is taken',
          cure: 'Stop what uses it (another npm start?) or choose one: npm start -- --port 0',
          cause,
        }),
      ),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}
