import { createHash } from 'node:crypto';
import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { checkName, model, repository, type StoryServers } from '../story.ts';
import type { Fact } from '../timeline.ts';

/** All that a fact may be read from: the local GitHub's API and the model servers. Never the story's own memory. */
export type FactView = { octokit: Octokit; servers: StoryServers };

/** The App's login as GitHub shows it. */
export const botLogin = 'pulltrain[bot]';

export function fact(text: string, holds: boolean, seen: unknown): Fact {
  return { fact: text, holds, seen: typeof seen === 'string' ? seen : JSON.stringify(seen) };
}

/** The pull request of this title that came last, of any state. */
export async function pullTitled(view: FactView, title: RegExp) {
  const { data } = await view.octokit.rest.pulls.list({ ...repository, state: 'all', per_page: 100 });
  return data.find((pull) => title.test(pull.title)) ?? null;
}

export async function botComments(view: FactView, issueNumber: number): Promise<string[]> {
  const { data } = await view.octokit.rest.issues.listComments({
    ...repository,
    issue_number: issueNumber,
    per_page: 100,
  });
  // Escapes are for the renderer; facts are about what a person reads.
  return data.filter(({ user }) => user?.login === botLogin).map(({ body }) => (body ?? '').replaceAll('\\', ''));
}

export async function checkOf(view: FactView, sha: string): Promise<{ conclusion: string | null; text: string }> {
  const { data } = await view.octokit.rest.checks.listForRef({ ...repository, ref: sha, check_name: checkName });
  const check = data.check_runs[0];
  return {
    conclusion: check?.conclusion ?? null,
    text: `${check?.output.title ?? ''}\n${check?.output.summary ?? ''}`,
  };
}

/** A published release and the sha256 of its model as GitHub says it and as its bytes are. */
export async function releaseOf(view: FactView, tag: string) {
  const { data } = await view.octokit.rest.repos.getReleaseByTag({ ...repository, tag });
  const asset = data.assets.find(({ name }) => name === 'model.onnx');
  const bytes = asset === undefined ? null : await downloadAsset(view, asset.id);
  return {
    draft: data.draft,
    names: data.assets.map(({ name }) => name).sort(),
    digest: asset?.digest?.replace(/^sha256:/, '') ?? null,
    sha256: bytes === null ? null : createHash('sha256').update(bytes).digest('hex'),
  };
}

async function downloadAsset(view: FactView, assetId: number): Promise<Buffer> {
  const { data } = await view.octokit.rest.repos.getReleaseAsset({
    ...repository,
    asset_id: assetId,
    headers: { accept: 'application/octet-stream' },
  });
  // With that accept header the answer is the bytes, which the generated type does not know.
  const bytes: unknown = data;
  return Buffer.from(z.instanceof(ArrayBuffer).parse(bytes));
}

const payloadSchema = z.looseObject({ tag: z.string(), sha256: z.string() });

/** Deployments into an environment for one release, newest first, each with its statuses in order of time. */
export async function deploymentsOf(view: FactView, environment: string, tag: string) {
  const { data } = await view.octokit.rest.repos.listDeployments({ ...repository, environment, per_page: 100 });
  const ours = data
    .map(({ id, payload }) => ({
      id,
      payload: payloadSchema.safeParse(typeof payload === 'string' ? JSON.parse(payload) : payload),
    }))
    .flatMap(({ id, payload }) =>
      payload.success && payload.data.tag === tag ? [{ id, sha256: payload.data.sha256 }] : [],
    );
  return Promise.all(
    ours.map(async ({ id, sha256 }) => {
      const statuses = await view.octokit.rest.repos.listDeploymentStatuses({
        ...repository,
        deployment_id: id,
        per_page: 100,
      });
      const inOrder = statuses.data.toSorted((left, right) => left.id - right.id);
      return {
        sha256,
        states: inOrder.map(({ state }) => state),
        descriptions: inOrder.map(({ description }) => description),
      };
    }),
  );
}

const servedSchema = z.looseObject({
  traffic: z.looseObject({ stable: z.string() }).nullable(),
  loaded: z.array(z.looseObject({ version: z.string(), sha256: z.string() })),
});

/** What the production server itself says it answers with. */
export async function servedInProduction({
  servers,
}: FactView): Promise<{ version: string | null; sha256: string | null }> {
  const response = await fetch(`${servers.production}/pulltrain/models/${model}/traffic`, {
    headers: { authorization: `Bearer ${servers.token}` },
  });
  const { traffic, loaded } = servedSchema.parse(await response.json());
  const version = traffic?.stable ?? null;
  return { version, sha256: loaded.find((one) => one.version === version)?.sha256 ?? null };
}
