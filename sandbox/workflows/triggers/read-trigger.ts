import { z } from 'zod';
import type { Kernel, PlatformEvent } from '../../github/kernel.ts';
import { jsonObjectSchema } from '../expressions/json.ts';
import type { Trigger } from '../model/records.ts';
import { resolveCommit, runGit } from '../model/run-git.ts';

const side = z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() });
const payloadSchema = z.object({
  ref: z.string().nullish(),
  before: z.string().optional(),
  after: z.string().optional(),
  deleted: z.boolean().optional(),
  number: z.number().optional(),
  pull_request: z
    .object({ title: z.string(), head: side, base: side, merge_commit_sha: z.string().nullish() })
    .nullish()
    .catch(null),
  issue: z.object({ title: z.string() }).nullish().catch(null),
  release: z.object({ tag_name: z.string(), name: z.string().nullish() }).nullish().catch(null),
  deployment: z.object({ ref: z.string(), sha: z.string() }).nullish().catch(null),
  workflow_run: z.object({ display_title: z.string() }).nullish().catch(null),
  inputs: jsonObjectSchema.nullish().catch(null),
});
type Payload = z.infer<typeof payloadSchema>;

/** Git's names of an event: which commit it runs on and what it is shown under. Null starts nothing. */
type Place = Pick<Trigger, 'sha' | 'ref' | 'headSha' | 'headBranch'> &
  Partial<Pick<Trigger, 'baseRef' | 'headRef' | 'isFork' | 'displayTitle' | 'changes'>>;

/** Works out the commit, branch and title of an event from its payload and the repository. */
export async function readTrigger(kernel: Kernel, event: PlatformEvent, depth: number): Promise<Trigger | null> {
  // A copy, because the platform goes on changing its records; frozen, so that expressions convert it once.
  const payload = jsonObjectSchema.parse(JSON.parse(JSON.stringify(event.payload)));
  Object.freeze(payload);
  const facts = payloadSchema.parse(payload);
  const directory = kernel.gitDirectory(event.repository);
  const place = await locate(directory, kernel.defaultBranch(event.repository), event, facts);
  if (place === null) return null;
  return {
    event: event.name,
    action: event.action,
    baseRef: '',
    headRef: '',
    isFork: false,
    changes: null,
    ...place,
    displayTitle: place.displayTitle ?? '',
    payload,
    inputs: facts.inputs ?? {},
    depth,
  };
}

async function locate(
  directory: string,
  defaultBranch: string,
  event: PlatformEvent,
  payload: Payload,
): Promise<Place | null> {
  switch (event.name) {
    case 'push':
      return locatePush(directory, payload);
    case 'pull_request':
      return locatePullRequest(directory, payload);
    case 'release':
      return payload.release == null ? null : locateRef(directory, `refs/tags/${payload.release.tag_name}`);
    case 'workflow_dispatch':
      return locateRef(directory, payload.ref ?? `refs/heads/${defaultBranch}`);
    case 'deployment':
    case 'deployment_status':
      return payload.deployment == null ? null : locateDeployment(directory, payload.deployment);
    default: {
      const place = await locateRef(directory, `refs/heads/${defaultBranch}`);
      const title = payload.issue?.title ?? payload.pull_request?.title ?? payload.workflow_run?.display_title;
      return place === null || title === undefined ? place : { ...place, displayTitle: title };
    }
  }
}

async function locatePush(directory: string, { ref, before, after, deleted }: Payload): Promise<Place | null> {
  if (deleted === true || ref == null || after === undefined) return null;
  const sha = await resolveCommit(directory, after);
  if (sha === null) return null;
  const subject = await runGit(directory, ['log', '-1', '--format=%s', sha]);
  return {
    sha,
    ref,
    headSha: sha,
    headBranch: ref.replace(/^refs\/(heads|tags)\//, ''),
    displayTitle: subject.trim(),
    changes: { from: before ?? '0', to: sha, fromMergeBase: false },
  };
}

/** A pull request runs on its merge commit; one with conflicts has none and starts nothing, as on GitHub. */
async function locatePullRequest(directory: string, { number, pull_request: pull }: Payload): Promise<Place | null> {
  if (pull == null || number === undefined) return null;
  // As the event saw it: the ref may have moved on to a newer push by now.
  const sha = pull.merge_commit_sha == null ? null : await resolveCommit(directory, pull.merge_commit_sha);
  if (sha === null) return null;
  return {
    sha,
    ref: `refs/pull/${number}/merge`,
    headSha: pull.head.sha,
    headBranch: pull.head.ref,
    baseRef: pull.base.ref,
    headRef: pull.head.ref,
    isFork: pull.head.repo?.full_name !== pull.base.repo?.full_name,
    displayTitle: pull.title,
    changes: { from: pull.base.sha, to: pull.head.sha, fromMergeBase: true },
  };
}

async function locateDeployment(directory: string, { ref, sha }: { ref: string; sha: string }): Promise<Place | null> {
  for (const name of [`refs/heads/${ref}`, `refs/tags/${ref}`]) {
    const place = await locateRef(directory, name);
    if (place !== null) return { ...place, sha, headSha: sha };
  }
  const commit = await resolveCommit(directory, sha);
  return commit === null ? null : { sha: commit, ref: '', headSha: commit, headBranch: null };
}

async function locateRef(directory: string, name: string): Promise<Place | null> {
  const candidates = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
  for (const ref of candidates) {
    const sha = await resolveCommit(directory, ref);
    if (sha !== null) return { sha, ref, headSha: sha, headBranch: ref.replace(/^refs\/(heads|tags)\//, '') };
  }
  return null;
}
