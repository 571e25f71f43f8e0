import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Octokit } from '@octokit/rest';
import { Agent, interceptors, request } from 'undici';
import { z } from 'zod';
import { isStatus } from '../github/is-status.ts';
import { askGitHubAgain, GitHubRefused } from './ask-github-again.ts';
import type { Piece } from './cut-pieces.ts';
import { explainGitHubFailure } from './explain-github-failure.ts';
import type { Environment } from './open-remote.ts';
import { type Reply, readResuming } from './read-resuming.ts';
import { skipBytes } from './skip-bytes.ts';

/** Assets of releases whose tags are `<prefix>-1`, `<prefix>-2`, ... */
export type ReleasePlace = { owner: string; repo: string; prefix: string };
/** A file of a release. `digest` is GitHub's own, `sha256:<hex>`, null on servers that give none. */
export type Asset = { id: number; name: string; size: number; digest: string | null; isWhole: boolean };
/** One of those releases. Drafts are seen by who may write, and nothing can be added to immutable ones. */
export type Shelf = {
  id: number;
  number: number;
  title: string;
  isDraft: boolean;
  isImmutable: boolean;
  uploadUrl: string;
  assets: Map<string, Asset>;
};

const assetSchema = z.object({
  id: z.int(),
  name: z.string(),
  size: z.int(),
  digest: z.string().nullish(),
  state: z.string(),
});
type AssetAnswer = z.infer<typeof assetSchema>;
type ReleaseAnswer = {
  id: number;
  tag_name: string;
  name: string | null;
  draft: boolean;
  immutable?: boolean;
  upload_url: string;
  assets: AssetAnswer[];
};

const notes =
  'Data of this repository, kept and read by Pulltrain. The files are named by their content; please leave them as they are.';
/** Data is never what a visitor should get as the latest release. */
const hidden = { prerelease: true, make_latest: 'false' } as const;
/** Numbers that other writers may have taken since the last look. */
const mostTaken = 20;

/** The calls of GitHub that the release remote needs. Calls that may be repeated are, with growing waits. */
export function openShelves({ owner, repo, prefix }: ReleasePlace, environment: Environment) {
  const token = environment.GITHUB_TOKEN || environment.GH_TOKEN;
  const baseUrl = (environment.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, '');
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const github = new Octokit({ baseUrl, log: silent, ...(token ? { auth: token } : {}) });
  const dispatcher = new Agent({ connect: { timeout: 10_000 }, bodyTimeout: 60_000, headersTimeout: 300_000 });
  const following = dispatcher.compose(interceptors.redirect({ maxRedirections: 5 }));
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};

  function toShelf(answer: ReleaseAnswer): Shelf {
    return {
      id: answer.id,
      number: Number(answer.tag_name.slice(prefix.length + 1)),
      title: answer.name ?? '',
      isDraft: answer.draft,
      isImmutable: answer.immutable === true,
      uploadUrl: answer.upload_url.replace(/\{.*$/, ''),
      assets: byName(answer.assets),
    };
  }

  async function listAssets(release_id: number): Promise<Map<string, Asset>> {
    const input = { owner, repo, release_id, per_page: 100 };
    const answers: AssetAnswer[] = await askGitHubAgain(() =>
      github.paginate(github.rest.repos.listReleaseAssets, input),
    );
    return byName(answers);
  }

  async function withFreeTag<Answer>(number: number, call: (tag: string) => Promise<Answer>): Promise<Answer> {
    for (let next = number; ; next += 1) {
      try {
        return await askGitHubAgain(() => call(`${prefix}-${next}`));
      } catch (cause) {
        if (!isStatus(cause, 422) || next >= number + mostTaken) throw cause;
      }
    }
  }

  return {
    /** All of them, the newest first as GitHub has it. */
    async load(): Promise<Shelf[]> {
      const answers: ReleaseAnswer[] = await askGitHubAgain(() =>
        github.paginate(github.rest.repos.listReleases, { owner, repo, per_page: 100 }),
      );
      const ours = answers.filter(
        ({ tag_name }) => tag_name.startsWith(`${prefix}-`) && /^\d{1,9}$/.test(tag_name.slice(prefix.length + 1)),
      );
      const shelves = ours.map(toShelf);
      // A listing of releases may show the first assets only.
      for (const shelf of shelves) if (shelf.assets.size >= 30) shelf.assets = await listAssets(shelf.id);
      return shelves;
    },

    listAssets,

    /** A new draft, under the number or, where that one is taken, the next that is free. */
    async draft(number: number, title: string): Promise<Shelf> {
      const { data } = await withFreeTag(number, (tag_name) =>
        github.rest.repos.createRelease({ owner, repo, tag_name, name: title, body: notes, ...hidden, draft: true }),
      );
      return toShelf(data);
    },

    /** Shows a draft to everyone, under its number or the next that is free. */
    async publish({ id, number, assets }: Shelf): Promise<Shelf> {
      const { data } = await withFreeTag(number, (tag_name) =>
        github.rest.repos.updateRelease({ owner, repo, release_id: id, tag_name, ...hidden, draft: false }),
      );
      return { ...toShelf(data), assets };
    },

    /** Sends one asset; GitHub shows it when it is whole. Throws `Error` when it keeps something else. */
    async upload(shelf: Shelf, name: string, piece: Piece): Promise<Asset> {
      const size = piece instanceof Uint8Array ? piece.length : piece.size;
      return askGitHubAgain(async () => {
        const hash = createHash('sha256');
        async function* hashed() {
          for await (const bytes of bytesOf(piece)) {
            hash.update(bytes);
            yield bytes;
          }
        }
        const answer = await request(`${shelf.uploadUrl}?name=${encodeURIComponent(name)}`, {
          dispatcher,
          method: 'POST',
          headers: {
            ...authorization,
            accept: 'application/vnd.github+json',
            'content-type': 'application/octet-stream',
            'content-length': String(size),
            'user-agent': 'pulltrain',
          },
          body: Readable.from(hashed()),
        });
        const text = await answer.body.text();
        if (answer.statusCode !== 201) throw new GitHubRefused(answer.statusCode, text, answer.headers['retry-after']);
        const asset = toAsset(assetSchema.parse(JSON.parse(text)));
        const digest = `sha256:${hash.digest('hex')}`;
        if (asset.isWhole && asset.size === size && (asset.digest ?? digest) === digest && asset.name === name)
          return asset;
        await github.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: asset.id });
        throw new Error(`GitHub keeps ${asset.size} bytes as ${asset.name} instead of ${size} as ${name}`);
      });
    },

    async removeAsset(asset_id: number): Promise<void> {
      await askGitHubAgain(() => github.rest.repos.deleteReleaseAsset({ owner, repo, asset_id })).catch((cause) => {
        if (!isStatus(cause, 404)) throw cause;
      });
    },

    async removeShelf(release_id: number): Promise<void> {
      await askGitHubAgain(() => github.rest.repos.deleteRelease({ owner, repo, release_id }));
    },

    read(asset: Asset, range: { start: number; end: number }): AsyncIterable<Uint8Array> {
      return readResuming(range, async ({ start, end = asset.size }): Promise<Reply> => {
        const answer = await request(`${baseUrl}/repos/${owner}/${repo}/releases/assets/${asset.id}`, {
          dispatcher: following,
          headers: {
            ...authorization,
            accept: 'application/octet-stream',
            range: `bytes=${start}-${end - 1}`,
            'user-agent': 'pulltrain',
          },
        });
        if (answer.statusCode === 206) return { bytes: answer.body, end };
        // GitHub's own storage knows ranges; a server that stands in for it may not.
        if (answer.statusCode === 200) return { bytes: skipBytes(answer.body, start, end), end };
        const { statusCode, headers, body } = answer;
        const refused = new GitHubRefused(statusCode, await body.text(), headers['retry-after']);
        if (statusCode === 429 || statusCode >= 500) throw refused;
        throw explainGitHubFailure(refused, `cannot read ${asset.name}`, `github.com/${owner}/${repo}`);
      });
    },
  };
}

/** The digest of a piece as GitHub writes it. */
export async function digestOfPiece(piece: Piece): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of bytesOf(piece)) hash.update(bytes);
  return `sha256:${hash.digest('hex')}`;
}

function byName(answers: readonly AssetAnswer[]): Map<string, Asset> {
  return new Map(answers.map((answer) => [answer.name, toAsset(answer)]));
}

function toAsset({ id, name, size, digest = null, state }: AssetAnswer): Asset {
  return { id, name, size, digest, isWhole: state === 'uploaded' };
}

async function* bytesOf(piece: Piece): AsyncIterable<Uint8Array> {
  if (piece instanceof Uint8Array) yield piece;
  else {
    const { file, start, size } = piece;
    yield* createReadStream(file, { start, end: start + size - 1, highWaterMark: 1024 ** 2 });
  }
}
