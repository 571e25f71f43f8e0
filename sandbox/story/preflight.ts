import { execFile } from 'node:child_process';
import { type StatsFs, statfs } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { PulltrainError } from '../../pipelines/errors.ts';

const run = promisify(execFile);

/** Bytes that a whole story writes at most: data, repositories, artifacts, logs. */
const neededBytes = 2 * 1024 ** 3;

/** The first git whose `merge-tree` merges without a work tree, as the local GitHub does. */
const oldestGit = { major: 2, minor: 38 };

export type PreflightPorts = {
  /** What `git --version` prints. */
  gitVersion(): Promise<string>;
  statfs(directory: string): Promise<Pick<StatsFs, 'bavail' | 'bsize'>>;
};

const thisMachine: PreflightPorts = {
  gitVersion: async () => (await run('git', ['--version'])).stdout,
  statfs: promisify(statfs),
};

/** Everything that would stop the story later, said before anything is started. Throws the first fault found. */
export async function preflight(
  { directory, port }: { directory: string; port: number },
  ports: PreflightPorts = thisMachine,
): Promise<void> {
  await requireGit(ports);
  await requireSpace(directory, ports);
  await requirePort(port);
}

async function requireGit({ gitVersion }: PreflightPorts): Promise<void> {
  const allowed = `${oldestGit.major}.${oldestGit.minor} or newer`;
  const cure = `Install git ${allowed} (Debian: apt-get install git) and run npm start again.`;
  const text = await gitVersion().catch((cause: unknown) => {
    throw new PulltrainError('git-missing', { what: 'git was not found on the PATH', cure, cause });
  });
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text) ?? []).map(Number);
  if (major > oldestGit.major || (major === oldestGit.major && minor >= oldestGit.minor)) return;
  throw new PulltrainError('git-too-old', {
    what: 'this git is too old for the story',
    seen: text.trim(),
    allowed,
    cure,
  });
}

async function requireSpace(directory: string, ports: PreflightPorts): Promise<void> {
  const { bavail, bsize } = await ports.statfs(directory);
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
    probe.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new PulltrainError('port-taken', {
          where: `127.0.0.1:${port}`,
          what: cause.code === 'EADDRINUSE' ? 'the port is taken' : 'the port cannot be used',
          cure: 'Stop what uses it (another npm start?) or choose one: npm start -- --port 0',
          cause,
        }),
      ),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}
