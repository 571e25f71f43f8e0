import { mkdir, readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { PulltrainError } from '../../../../pipelines/errors.ts';
import {
  readFlag,
  readInput,
  readNumber,
  readVariable,
  runCarriedAction,
  writeOutput,
  writeState,
} from '../action-io.ts';
import { fieldsOf } from '../read-json.ts';
import { authorization, runGit } from './run-git.ts';

const shaPattern = /^[0-9a-f]{40}$/;

/** Where to fetch from, what, and how it is named here. */
type Source = { remote: string; local: string; branch: string | null };

async function main(): Promise<void> {
  refuseUnsupported();
  const repository = readInput('repository', { required: true });
  const folder = chooseFolder();
  const depth = readNumber('fetch-depth', 1);
  const token = readInput('token', { required: true });
  await refuseUnsafe(repository);
  const url = `${readVariable('GITHUB_SERVER_URL')}/${repository}`;
  const auth = authorization(url, token);
  await mkdir(folder, { recursive: true });
  await runGit(folder, ['init', '--quiet']);
  await runGit(folder, ['remote', 'add', 'origin', url]);
  const source = await findSource(folder, repository, auth);
  const shallow = depth === 0 ? [] : [`--depth=${depth}`];
  const everything = depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'] : [];
  const tags = readFlag('fetch-tags') || depth === 0 ? '--tags' : '--no-tags';
  await runGit(
    folder,
    [
      'fetch',
      '--quiet',
      '--no-recurse-submodules',
      tags,
      ...shallow,
      'origin',
      ...everything,
      `+${source.remote}:${source.local}`,
    ],
    auth,
  );
  const target = source.branch === null ? ['--detach', source.local] : ['-B', source.branch, source.local];
  await runGit(folder, ['-c', 'advice.detachedHead=false', 'checkout', '--quiet', '--force', ...target]);
  const commit = await runGit(folder, ['rev-parse', 'HEAD']);
  if (readFlag('persist-credentials')) {
    await runGit(folder, ['config', auth.key, auth.value]);
    writeState('folder', folder);
    writeState('key', auth.key);
  }
  process.stdout.write(`Checked out ${commit} of ${repository}\n`);
  writeOutput('ref', readInput('ref') || readVariable('GITHUB_REF'));
  writeOutput('commit', commit);
}

function chooseFolder(): string {
  const workspace = readVariable('GITHUB_WORKSPACE');
  const folder = resolve(workspace, readInput('path') || '.');
  const inside = relative(workspace, folder);
  if (inside === '..' || inside.startsWith('../'))
    throw new PulltrainError('input-invalid', {
      what: 'the path leaves the workspace',
      where: 'path',
      seen: readInput('path'),
    });
  return folder;
}

/** Without a ref the commit of the event; a name is looked for among branches, then tags. */
async function findSource(folder: string, repository: string, auth: { key: string; value: string }): Promise<Source> {
  const wanted = readInput('ref');
  const isOwn = repository.toLowerCase() === readVariable('GITHUB_REPOSITORY').toLowerCase();
  if (wanted === '' && isOwn) return name(readVariable('GITHUB_REF'), readVariable('GITHUB_SHA'));
  if (shaPattern.test(wanted)) return { remote: wanted, local: 'refs/remotes/origin/checkout', branch: null };
  const remote = await runGit(folder, ['ls-remote', '--symref', 'origin'], auth);
  const refs = new Map(
    remote
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([value = '', ref = '']) => [ref, value]),
  );
  const head = /^ref: (\S+)/.exec(remote)?.[1] ?? 'refs/heads/main';
  const candidates = wanted === '' ? [head] : [wanted, `refs/heads/${wanted}`, `refs/tags/${wanted}`];
  const found = candidates.find((candidate) => candidate.startsWith('refs/') && refs.has(candidate));
  if (found !== undefined) return name(found, found);
  throw new PulltrainError('ref-missing', {
    what: 'no branch or tag of that name could be found',
    where: repository,
    seen: wanted,
  });
}

function name(ref: string, remote: string): Source {
  if (ref.startsWith('refs/heads/'))
    return { remote, local: `refs/remotes/origin/${ref.slice(11)}`, branch: ref.slice(11) };
  if (ref.startsWith('refs/pull/')) return { remote, local: `refs/remotes/${ref.slice(5)}`, branch: null };
  return { remote, local: ref.startsWith('refs/tags/') ? ref : 'refs/remotes/origin/checkout', branch: null };
}

/** A run that holds secrets must not run a fork's code; the original refuses it likewise. */
async function refuseUnsafe(repository: string): Promise<void> {
  if (readVariable('GITHUB_EVENT_NAME') !== 'workflow_run' || readFlag('allow-unsafe-pr-checkout')) return;
  const event: unknown = JSON.parse(await readFile(readVariable('GITHUB_EVENT_PATH'), 'utf8'));
  const run = fieldsOf(fieldsOf(event).workflow_run);
  const head = fieldsOf(run.head_repository).full_name;
  if (run.event !== 'pull_request' || typeof head !== 'string' || head === readVariable('GITHUB_REPOSITORY')) return;
  if (repository === head || readInput('ref') === run.head_sha)
    throw new PulltrainError('checkout-unsafe', {
      what: 'refused to check out the head of a pull request from a fork in a privileged run',
      where: `${head}@${run.head_sha}`,
      cure: 'Work on its artifacts as data instead.',
    });
}

function refuseUnsupported(): void {
  const asked = ['submodules', 'lfs', 'sparse-checkout', 'ssh-key'].filter(
    (input) => !['', 'false'].includes(readInput(input)),
  );
  if (asked.length > 0)
    throw new PulltrainError('input-refused', {
      what: 'the carried actions/checkout does not support',
      seen: asked.join(', '),
    });
}

await runCarriedAction(main);
