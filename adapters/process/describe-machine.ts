import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { arch, cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MachineEnvironment } from '../../pipelines/contracts/run-record.ts';
import { integrityOfFile } from '../workspace/integrity-of-file.ts';

const execute = promisify(execFile);

/** Files in which package managers write down what is installed. */
const lockFiles =
  /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|requirements[\w.-]*\.(txt|lock)|poetry\.lock|uv\.lock|pdm\.lock|pylock[\w.-]*\.toml|Pipfile\.lock|conda-lock\.ya?ml|environment\.ya?ml|pixi\.lock|renv\.lock|Manifest\.toml|Cargo\.lock|go\.sum)$/;

export type MachineRequest = {
  /** Root of the checkout, whose lock files are named. */
  directory: string;
  /** What stages see of the environment: there their Python is looked for. */
  environment: Readonly<Record<string, string>>;
  /** Commands of the stages; what is installed for Python matters when one of them calls it. */
  commands: readonly string[];
};

/** What a run is made on and with. Devices are those that the NVIDIA driver names. */
export async function describeMachine(request: MachineRequest): Promise<MachineEnvironment> {
  const usesPython = request.commands.some((command) =>
    /\b(python[\d.]*|pytest|uv|poetry|pip|papermill)\b/.test(command),
  );
  const [devices, locks, python] = await Promise.all([
    describeGpus(),
    nameLocks(request.directory),
    usesPython ? describePython(request.environment) : null,
  ]);
  const [first] = cpus();
  return {
    os: `${platform()} ${release()}`,
    arch: arch(),
    node: process.version,
    ...devices,
    ...(first === undefined ? {} : { cpu: { model: first.model.trim(), count: cpus().length } }),
    memoryBytes: totalmem(),
    locks,
    ...(usesPython ? { python } : {}),
  };
}

async function describeGpus(): Promise<Pick<MachineEnvironment, 'gpu' | 'driver' | 'cuda'>> {
  try {
    const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
    const [listed, banner] = await Promise.all([
      execute('nvidia-smi', query, { timeout: 10_000 }),
      execute('nvidia-smi', [], { timeout: 10_000 }),
    ]);
    const lines = listed.stdout.split('\n').filter((line) => line.trim() !== '');
    const names = lines.map((line) => line.slice(0, line.lastIndexOf(',')).trim());
    return {
      gpu: names.length === 0 ? null : names.join(', '),
      driver: lines[0]?.slice(lines[0].lastIndexOf(',') + 1).trim() ?? null,
      cuda: /CUDA Version:\s*([\d.]+)/.exec(banner.stdout)?.[1] ?? null,
    };
  } catch {
    // No driver, no device.
    return { gpu: null };
  }
}

async function nameLocks(directory: string): Promise<NonNullable<MachineEnvironment['locks']>> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => lockFiles.test(name)).sort();
  return Promise.all(names.map(async (path) => ({ path, integrity: await integrityOfFile(join(directory, path)) })));
}

const listing = `
import importlib.metadata, sys
print(sys.version.split()[0])
names = {(d.metadata["Name"] or "", d.version or "") for d in importlib.metadata.distributions()}
print("\\n".join(sorted("==".join(pair) for pair in names if pair[0])))
`;

/** Asks the Python that stages find, without running anything of the checkout. */
async function describePython(environment: Readonly<Record<string, string>>): Promise<MachineEnvironment['python']> {
  for (const name of ['python', 'python3']) {
    try {
      const { stdout } = await execute(name, ['-c', listing], {
        cwd: tmpdir(),
        env: { ...environment },
        timeout: 20_000,
        maxBuffer: 4 * 1024 ** 2,
      });
      const [version = '', ...packages] = stdout.trim().split('\n');
      return { version, packages: packages.slice(0, 5000).map((line) => line.slice(0, 300)) };
    } catch {
      // Not there under this name, or too strange to tell.
    }
  }
  return null;
}
