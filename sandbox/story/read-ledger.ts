import type { Octokit } from '@octokit/rest';
import { type Judgement, judgementSchema } from '../../pipelines/contracts/judgement.ts';
import { model, repository } from './story.ts';

const folder = `judgements/${model}`;

/** The judgement of one head, or null when the ledger has none. */
export async function readJudgement(octokit: Octokit, headSha: string): Promise<Judgement | null> {
  const { data } = await octokit.rest.repos.getContent({
    ...repository,
    path: `${folder}/${headSha}.json`,
    ref: 'refs/heads/ledger',
  });
  if (Array.isArray(data) || !('content' in data)) return null;
  return judgementSchema.parse(JSON.parse(Buffer.from(data.content, 'base64').toString('utf8')));
}

/** Heads that have been judged; empty while there is no ledger. */
export async function listJudged(octokit: Octokit): Promise<string[]> {
  const listing = await octokit.rest.repos
    .getContent({ ...repository, path: folder, ref: 'refs/heads/ledger' })
    .catch(() => null);
  if (listing === null || !Array.isArray(listing.data)) return [];
  return listing.data.map(({ name }) => name.replace(/\.json$/, ''));
}
