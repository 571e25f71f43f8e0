import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, matchesGlob, resolve } from 'node:path';
import { PulltrainError } from '../../../../pipelines/errors.ts';
import { readFlag, readInput, readVariable, runCarriedAction, writeOutput } from '../action-io.ts';
import { fieldsOf, textField } from '../read-json.ts';
import { extractZip } from './extract-zip.ts';

type Artifact = { name: string; digest: string; url: string; isExpired: boolean };

/** Where a list of artifacts is and how to be let in. */
type Place = { url: string; token: string };

async function main(): Promise<void> {
  const name = readInput('name');
  const folder = resolve(readVariable('GITHUB_WORKSPACE'), readInput('path') || '.');
  const place = choosePlace(name);
  const wanted = (await list(place)).filter((artifact) => isWanted(artifact, name));
  if (name !== '' && wanted.length === 0)
    throw new PulltrainError('artifact-missing', {
      what: 'the run has no artifact of that name (any more)',
      where: `run ${readInput('run-id')} of ${readInput('repository')}`,
      seen: name,
    });
  for (const artifact of wanted) {
    const target = name !== '' || readFlag('merge-multiple') ? folder : join(folder, artifact.name);
    await mkdir(target, { recursive: true });
    const files = extractZip(await download(artifact, place), target);
    process.stdout.write(
      `Artifact ${artifact.name}: ${files.length} files in ${target}, ${artifact.digest} verified\n`,
    );
  }
  writeOutput('download-path', folder);
}

/** Artifacts of the same run come from the runner's own service; those of another by REST, with a token that may read them. */
function choosePlace(name: string): Place {
  const token = readInput('github-token');
  const filter = name === '' ? '' : `&name=${encodeURIComponent(name)}`;
  if (token !== '') {
    const repository = `${readVariable('GITHUB_API_URL')}/repos/${readInput('repository', { required: true })}`;
    return {
      url: `${repository}/actions/runs/${encodeURIComponent(readInput('run-id', { required: true }))}/artifacts?per_page=100${filter}`,
      token,
    };
  }
  if (readInput('run-id') !== readVariable('GITHUB_RUN_ID'))
    throw new PulltrainError('input-missing', {
      what: 'artifacts of another run need a token',
      where: 'github-token',
      cure: 'Give github-token a token with actions: read.',
    });
  return { url: `${readVariable('ACTIONS_RUNTIME_URL')}/artifacts`, token: readVariable('ACTIONS_RUNTIME_TOKEN') };
}

async function list({ url, token }: Place): Promise<Artifact[]> {
  const artifacts: Artifact[] = [];
  let next: string | null = url;
  while (next !== null) {
    const response: Response = await ask(next, token);
    artifacts.push(...readList(await response.json()));
    next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null;
  }
  return artifacts;
}

function readList(answer: unknown): Artifact[] {
  const { artifacts } = fieldsOf(answer);
  return (Array.isArray(artifacts) ? artifacts : []).map((artifact: unknown) => ({
    name: textField(artifact, 'name'),
    digest: textField(artifact, 'digest'),
    url: textField(artifact, 'archive_download_url'),
    isExpired: fieldsOf(artifact).expired === true,
  }));
}

function isWanted({ name, isExpired }: Artifact, wanted: string): boolean {
  const pattern = readInput('pattern');
  if (isExpired) return false;
  if (wanted !== '') return name === wanted;
  return pattern === '' || matchesGlob(name, pattern);
}

async function download({ name, digest, url }: Artifact, { token }: Place): Promise<Buffer> {
  const bytes = Buffer.from(await (await ask(url, token)).arrayBuffer());
  const seen = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (seen !== digest)
    throw new PulltrainError('artifact-corrupt', {
      what: 'the digest of the artifact differs',
      where: name,
      seen,
      allowed: digest,
    });
  return bytes;
}

async function ask(url: string, token: string): Promise<Response> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (response.ok) return response;
  const hint = response.status === 403 ? 'Grant the job `permissions: actions: read`.' : 'Check run-id and repository.';
  throw new PulltrainError('artifact-refused', {
    what: 'GitHub does not hand over the artifact',
    where: url,
    seen: `HTTP ${response.status} ${(await response.text()).slice(0, 300)}`,
    cure: hint,
  });
}

await runCarriedAction(main);
