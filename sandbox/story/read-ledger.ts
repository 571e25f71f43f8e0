import type { Octokit } from '@octokit/rest';
import { deploymentRecordSchema } from '../../pipelines/contracts/deployment-record.ts';
import { type Judgement, judgementSchema } from '../../pipelines/contracts/judgement.ts';
import { model, repository } from './story.ts';

const folder = `judgements/${model}`;

/** The judgement of one head, or null when the ledger has none. */
export async function readJudgement(octokit: Octokit, headSha: string): Promise<Judgement | null> {
  const document = await readDocument(octokit, `${folder}/${headSha}.json`);
  return document === null ? null : judgementSchema.parse(document);
}

/** Tag of the release that the ledger says serves an environment, or null. */
export async function readLive(octokit: Octokit, environment: string): Promise<string | null> {
  const document = await readDocument(octokit, `live/${model}/${environment}.json`).catch(() => null);
  return document === null ? null : deploymentRecordSchema.parse(document).tag;
}

async function readDocument(octokit: Octokit, path: string): Promise<unknown> {
  const { data } = await octokit.rest.repos.getContent({ ...repository, path, ref: 'refs/heads/ledger' });
  if (Array.isArray(data) || !('content' in data)) return null;
  return JSON.parse(Buffer.from(data.content, 'base64').toString('utf8'));
}

/** Heads that have been judged; empty while there is no ledger. */
export async function listJudged(octokit: Octokit): Promise<string[]> {
  const listing = await octokit.rest.repos
    .getContent({ ...repository, path: folder, ref: 'refs/heads/ledger' })
    .catch(() => null);
  if (listing === null || !Array.isArray(listing.data)) return [];
  return listing.data.map(({ name }) => name.replace(/\.json$/, ''));
}
