import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { type PreflightPorts, preflight } from '../../../sandbox/story/preflight.ts';

const gigabyte = 1024 ** 3;
const place = { directory: tmpdir(), port: 0 };

/** A machine that lacks nothing. */
function machine(changes: Partial<PreflightPorts> = {}): PreflightPorts {
  return {
    gitVersion: async () => 'git version 2.38.0\n',
    statfs: async () => ({ bavail: 3, bsize: gigabyte }),
    ...changes,
  };
}

it('lets a machine pass that has what is needed', async () => {
  await expect(preflight(place, machine())).resolves.toBeUndefined();
});

it.each(['git version 2.39.5 (Apple Git-154)', 'git version 3.0.0.windows.1'])('takes %s', async (version) => {
  await expect(preflight(place, machine({ gitVersion: async () => version }))).resolves.toBeUndefined();
});

it.each(['git version 2.37.9', 'git version 1.99.0', 'something else'])('refuses %s and says why', async (version) => {
  await expect(preflight(place, machine({ gitVersion: async () => version }))).rejects.toMatchObject({
    code: 'git-too-old',
    message: `this git is too old for the story (got ${version}; allowed: 2.38 or newer). Install git 2.38 or newer (Debian: apt-get install git) and run npm start again.`,
  });
});

it('says how much space is missing', async () => {
  const full = machine({ statfs: async () => ({ bavail: 100, bsize: 1024 ** 2 }) });
  await expect(preflight({ ...place, directory: '/somewhere' }, full)).rejects.toMatchObject({
    code: 'disk-full',
    message:
      '/somewhere: not enough free disk space for the story (got 100 MB; allowed: 2048 MB or more). Free some space and run npm start again.',
  });
});
