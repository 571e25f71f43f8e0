import { runGit } from './run-git.ts';

/** The commit that a revision names, `HEAD` unless told otherwise: 40 hex digits. */
export async function headSha(directory: string, revision = 'HEAD'): Promise<string> {
  const out = await runGit(directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  return out.toString().trim();
}
