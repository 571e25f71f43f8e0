import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Enclosure, enclose } from '../../../adapters/onnx/enclosure.ts';
import { findEnclosure } from '../../../adapters/onnx/find-enclosure.ts';

const enclosure = await findEnclosure();
const order: Enclosure[] = ['open', 'offline', 'closed'];
const canMake = (wanted: Enclosure) => order.indexOf(enclosure) >= order.indexOf(wanted);

/** What code that took over the process would try, told as JSON. */
const program = `
const { readFileSync, writeFileSync, readdirSync } = require('node:fs');
const { networkInterfaces } = require('node:os');
const { execFileSync } = require('node:child_process');
const [parent, secret] = process.argv.slice(1);
const attempt = (action) => { try { return action(); } catch (error) { return error.code ?? 'refused'; } };
process.stdout.write(JSON.stringify({
  environment: Object.keys(process.env),
  parentEnvironment: attempt(() => readFileSync('/proc/' + parent + '/environ', 'utf8').includes('PULLTRAIN_SECRET')),
  parentMemory: attempt(() => readFileSync('/proc/' + parent + '/maps', 'utf8').length > 0),
  signal: attempt(() => process.kill(Number(parent), 0)),
  file: attempt(() => readFileSync(secret, 'utf8')),
  write: attempt(() => writeFileSync('/usr/pulltrain-was-here', '')),
  mount: attempt(() => execFileSync('/usr/bin/umount', ['/proc'], { stdio: 'ignore' }) && 'unmounted'),
  processes: readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length,
  network: Object.keys(networkInterfaces()).filter((name) => name !== 'lo'),
}));
`;

describe('code that took over the scoring process', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'enclosure-'));
    await writeFile(join(folder, 'labels'), 'the answers');
    process.env.PULLTRAIN_SECRET = 'x';
  });
  afterAll(async () => {
    delete process.env.PULLTRAIN_SECRET;
    await rm(folder, { recursive: true });
  });

  async function attempt(kept: Enclosure): Promise<Record<string, unknown>> {
    const root = await mkdtemp(join(folder, 'root-'));
    const command = [process.execPath, '-e', program, String(process.pid), join(folder, 'labels')];
    const [file = '', ...rest] = enclose(kept, command, root);
    const { stdout } = await promisify(execFile)(file, rest, { env: {} });
    return JSON.parse(stdout);
  }

  test.runIf(canMake('closed'))('finds, in a closed enclosure, nothing to read, write, signal or call', async () => {
    expect(await attempt('closed')).toEqual({
      environment: expect.not.arrayContaining(['PULLTRAIN_SECRET']),
      parentEnvironment: 'ENOENT',
      parentMemory: 'ENOENT',
      signal: 'ESRCH',
      file: 'ENOENT',
      write: 'EROFS',
      mount: 'refused',
      processes: 1,
      network: [],
    });
  });

  test.runIf(canMake('offline'))('reads, where only the network is taken away, files but no process', async () => {
    expect(await attempt('offline')).toMatchObject({
      parentEnvironment: 'EACCES',
      parentMemory: 'EACCES',
      file: 'the answers',
      network: [],
    });
  });

  test.runIf(canMake('closed'))('sees of the devices only those that are named', async () => {
    const root = await mkdtemp(join(folder, 'root-'));
    const list = "process.stdout.write(require('node:fs').readdirSync('/dev').join(' '))";
    const [file = '', ...rest] = enclose('closed', [process.execPath, '-e', list], root, ['/dev/full']);
    const { stdout } = await promisify(execFile)(file, rest, { env: {} });
    expect(stdout).toBe('full null random urandom zero');
  });
});
