import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findEnclosure } from '../../../adapters/onnx/find-enclosure.ts';
import { readFrames } from '../../../adapters/onnx/frames.ts';
import { startChild } from '../../../adapters/onnx/start-child.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    threads.map((id) => readFile(`/proc/${pid}/task/${id}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.trim().split(' ').filter(Boolean).map(Number));
}

/** The process at the end of a chain: in an enclosure it is not the one that was started. */
async function lastOf(pid: number): Promise<number> {
  const [below] = await childrenOf(pid);
  return below === undefined ? pid : lastOf(below);
}

test.runIf(process.platform === 'linux')(
  'the process that opens a model has no environment, no network and its own group',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'child-'));
    process.env.PULLTRAIN_TEST_SECRET = 'do not hand this on';
    const enclosure = await findEnclosure();
    const before = new Set(await childrenOf(process.pid));
    const model = join(folder, 'model.onnx');
    await writeFile(model, buildLogisticModel({ inputs: ['x'], weights: [1], bias: 0 }));
    const file = await open(model);
    const child = startChild(
      { largest: 1e6, provider: 'cpu' },
      file.fd,
      { time: 10_000, total: 10_000, memory: 2 ** 31 },
      enclosure,
    );
    await file.close();
    child.ended.catch(() => {});
    try {
      // It has opened the model and now waits for rows.
      for await (const _ of readFrames(child.stdout)) break;
      const [started] = (await childrenOf(process.pid)).filter((one) => !before.has(one));
      const pid = await lastOf(started ?? 0);
      expect(await readFile(`/proc/${pid}/environ`, 'utf8')).toBe('');
      const group = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[2];
      expect(Number(group)).toBe(started);
      const devices = (await readFile(`/proc/${pid}/net/dev`, 'utf8')).match(/^ *(\w+):/gm)?.map((name) => name.trim());
      if (enclosure !== 'open') expect(devices).toEqual(['lo:']);
      child.kill();
      await expect(child.ended).rejects.toMatchObject({ code: 'model-crashed' });
    } finally {
      delete process.env.PULLTRAIN_TEST_SECRET;
      child.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
