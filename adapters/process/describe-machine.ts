import { execFile } from 'node:child_process';
import { arch, platform, release } from 'node:os';
import { promisify } from 'node:util';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';

/** What a run was made on. `gpu` lists the devices that the NVIDIA driver names, or is null. */
export async function describeMachine(): Promise<RunRecord['environment']> {
  return { os: `${platform()} ${release()}`, arch: arch(), node: process.version, gpu: await nameGpus() };
}

async function nameGpus(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
      timeout: 10_000,
    });
    const names = stdout
      .split('\n')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    return names.length === 0 ? null : names.join(', ');
  } catch {
    // No driver, no device.
    return null;
  }
}
