import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DvcRemote } from '../../pipelines/data/dvc/find-dvc-remote.ts';
import { parseDvcConfig } from '../../pipelines/data/dvc/parse-dvc-config.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { openDirectoryRemote } from '../remotes/open-directory-remote.ts';
import { openHttpRemote } from '../remotes/open-http-remote.ts';
import { type Environment, readS3Url } from '../remotes/open-remote.ts';
import { openS3Remote } from '../remotes/open-s3-remote.ts';
import type { S3Place } from '../remotes/s3-client.ts';

/** Opens what DVC calls a remote: a folder, a bucket, or, for reading, a web address. Throws `dvc-remote-unsupported`. */
export async function openDvcRemote(remote: DvcRemote, environment: Environment): Promise<ObjectRemote> {
  const { url, settings } = remote;
  if (settings.get('version_aware') === 'true' || settings.get('worktree') === 'true') {
    throw unsupported(remote, 'a remote that keeps versions of the bucket (version_aware, worktree)');
  }
  const bucket = readS3Url(url);
  if (bucket !== null) return openS3Remote({ ...bucket, ...(await s3Settings(remote)) }, environment);
  if (/^https?:\/\//.test(url)) return openHttpRemote(url, httpHeaders(remote));
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1];
  if (scheme !== undefined) throw unsupported(remote, `a remote of the kind ${scheme}://`);
  return openDirectoryRemote(atHome(url));
}

function unsupported({ name }: DvcRemote, what: string): PulltrainError {
  return new PulltrainError('dvc-remote-unsupported', {
    what: `${what} cannot be read`,
    where: `remote "${name}" of .dvc/config`,
    allowed: 'a folder, s3://, https://',
    cure: 'Bring the data with "dvc pull": what lies in the cache of DVC is used.',
  });
}

async function s3Settings({ settings, name }: DvcRemote): Promise<Partial<S3Place>> {
  const place: Partial<S3Place> = {};
  const [endpoint, region, profile] = ['endpointurl', 'region', 'profile'].map((key) => settings.get(key));
  if (endpoint !== undefined) place.endpoint = endpoint;
  if (region !== undefined) place.region = region;
  if (settings.get('allow_anonymous_login') === 'true') place.anonymous = true;
  const file = settings.get('credentialpath');
  const keys = file === undefined ? settings : await readCredentials(atHome(file), profile ?? 'default', name);
  const prefix = file === undefined ? '' : 'aws_';
  const accessKeyId = keys.get(`${prefix}access_key_id`);
  const secretAccessKey = keys.get(`${prefix}secret_access_key`);
  const sessionToken = keys.get(`${prefix}session_token`);
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    place.credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  } else if (profile !== undefined) place.profile = profile;
  return place;
}

async function readCredentials(file: string, profile: string, name: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(file, 'utf8').catch(() => null);
  const found = text === null ? undefined : parseDvcConfig(text).get(profile);
  if (found !== undefined) return found;
  throw new PulltrainError('dvc-remote-unsupported', {
    what: text === null ? 'its file of credentials cannot be read' : `its credentials have no profile ${profile}`,
    where: `remote "${name}" of .dvc/config: ${file}`,
    cure: 'Correct credentialpath and profile in .dvc/config.local.',
  });
}

function httpHeaders({ settings }: DvcRemote): Record<string, string> {
  const password = settings.get('password') ?? '';
  const header = settings.get('custom_auth_header');
  if (settings.get('auth') === 'custom' && header !== undefined) return { [header]: password };
  const user = settings.get('user');
  if (user === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

function atHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}
