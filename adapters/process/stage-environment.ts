/**
 * What a training stage sees of the environment: where programs, libraries and devices are, and the language. Nothing
 * else, so that no token of the job reaches code of a pull request. Names ending in `*` stand for a family.
 */
const passed = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TZ',
  'LANG',
  'LANGUAGE',
  'LC_*',
  'CI',
  // By this mark a runner finds and ends what a job left behind when its action was killed.
  'RUNNER_TRACKING_ID',
  'LD_LIBRARY_PATH',
  'CUDA_*',
  'NVIDIA_*',
  'NCCL_*',
  'HIP_*',
  'ROCR_*',
  'OMP_*',
  'MKL_*',
  'OPENBLAS_*',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'CONDA_DEFAULT_ENV',
  'PYTHONPATH',
  'PYTHONUNBUFFERED',
  'PYTHONHASHSEED',
  'pythonLocation',
  'JAVA_HOME',
  'R_HOME',
  'JULIA_DEPOT_PATH',
] as const;

/** Never passed, whatever family it belongs to. */
const secretive = /TOKEN|SECRET|PASSWORD|CREDENTIAL/i;

/**
 * The part of an environment that a stage gets, with Python told to write its lines at once; `commands` is a folder that
 * comes first on the PATH.
 */
export function stageEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  commands: string | null = null,
): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && !secretive.test(name) && passed.some((pattern) => matches(name, pattern))
      ? [[name, value]]
      : [],
  );
  const inherited: Record<string, string> = { PYTHONUNBUFFERED: '1', ...Object.fromEntries(kept) };
  if (commands === null) return inherited;
  const path = inherited.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  return { ...inherited, PATH: `${commands}:${path}` };
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
