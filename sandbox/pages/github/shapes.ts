import { z } from 'zod';

/** The parts of GitHub's answers that pages show; everything else is ignored. */
const text = z.string();
const maybe = z.string().nullish();

export const userShape = z.object({ login: text, type: z.string().default('User') });
export type User = z.infer<typeof userShape>;

export const repositoryShape = z.object({
  name: text,
  full_name: text,
  owner: userShape,
  description: maybe,
  private: z.boolean().default(false),
  default_branch: z.string().default('main'),
  pushed_at: maybe,
});
export type Repository = z.infer<typeof repositoryShape>;

const labelShape = z.union([
  z.string().transform((name) => ({ name, color: 'ededed', description: null })),
  z.object({ name: z.string().default(''), color: z.string().nullish(), description: maybe }),
]);
export type Label = z.infer<typeof labelShape>;

const reactionsShape = z.record(z.string(), z.unknown()).nullish();
export type Reactions = z.infer<typeof reactionsShape>;

export const commentShape = z.object({
  id: z.number(),
  user: userShape.nullish(),
  body: maybe,
  created_at: text,
  updated_at: maybe,
  author_association: maybe,
  performed_via_github_app: z.unknown().optional(),
  reactions: reactionsShape,
});
export type Comment = z.infer<typeof commentShape>;

export const issueShape = z.object({
  number: z.number(),
  title: text,
  body: maybe,
  state: z.enum(['open', 'closed']),
  state_reason: maybe,
  user: userShape.nullish(),
  labels: z.array(labelShape).default([]),
  comments: z.number().default(0),
  created_at: text,
  closed_at: maybe,
  closed_by: userShape.nullish(),
  author_association: maybe,
  pull_request: z.unknown().optional(),
  reactions: reactionsShape,
});
export type Issue = z.infer<typeof issueShape>;

const endShape = z.object({ ref: text, sha: text, label: z.string().optional() });
export const pullShape = z.object({
  number: z.number(),
  title: text,
  body: maybe,
  state: z.enum(['open', 'closed']),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merged_at: maybe,
  merged_by: userShape.nullish(),
  merge_commit_sha: maybe,
  mergeable_state: maybe,
  closed_at: maybe,
  created_at: text,
  user: userShape.nullish(),
  author_association: maybe,
  labels: z.array(labelShape).default([]),
  head: endShape,
  base: endShape,
  comments: z.number().nullish(),
});
export type Pull = z.infer<typeof pullShape>;

const personShape = z.object({ name: z.string().nullish(), date: maybe }).nullish();
export const changedFileShape = z.object({
  filename: text,
  previous_filename: z.string().optional(),
  status: text,
  additions: z.number(),
  deletions: z.number(),
  patch: z.string().optional(),
});
export type ChangedFile = z.infer<typeof changedFileShape>;

export const commitShape = z.object({
  sha: text,
  commit: z.object({ message: text, author: personShape, committer: personShape }),
  author: z.object({ login: z.string().optional() }).nullish(),
  parents: z.array(z.object({ sha: text })).default([]),
  files: z.array(changedFileShape).optional(),
});
export type Commit = z.infer<typeof commitShape>;

export const checkRunShape = z.object({
  id: z.number(),
  name: text,
  head_sha: text,
  status: text,
  conclusion: maybe,
  started_at: maybe,
  completed_at: maybe,
  details_url: maybe,
  html_url: maybe,
  external_id: maybe,
  app: z.object({ slug: z.string().nullish(), name: z.string().nullish() }).nullish(),
  output: z.object({ title: maybe, summary: maybe, text: maybe }).nullish(),
});
export type CheckRun = z.infer<typeof checkRunShape>;

export const statusShape = z.object({
  context: text,
  state: text,
  description: maybe,
  target_url: maybe,
  created_at: maybe,
});

export const entryShape = z.object({ name: text, path: text, type: text, size: z.number().default(0) });
export type Entry = z.infer<typeof entryShape>;
export const fileShape = entryShape.extend({ content: z.string().default(''), encoding: z.string().default('base64') });

const assetShape = z.object({
  name: text,
  size: z.number(),
  digest: maybe,
  browser_download_url: maybe,
  download_count: z.number().nullish(),
  created_at: maybe,
});
export const releaseShape = z.object({
  id: z.number(),
  tag_name: text,
  name: maybe,
  body: maybe,
  draft: z.boolean().default(false),
  prerelease: z.boolean().default(false),
  immutable: z.boolean().optional(),
  target_commitish: maybe,
  author: userShape.nullish(),
  created_at: maybe,
  published_at: maybe,
  assets: z.array(assetShape).default([]),
});
export type Release = z.infer<typeof releaseShape>;

export const workflowShape = z.object({ id: z.number(), name: text, path: text, state: z.string().optional() });
export type Workflow = z.infer<typeof workflowShape>;

export const runShape = z.object({
  id: z.number(),
  name: maybe,
  display_title: maybe,
  run_number: z.number().default(1),
  run_attempt: z.number().nullish(),
  event: text,
  status: maybe,
  conclusion: maybe,
  workflow_id: z.number().nullish(),
  path: maybe,
  head_branch: maybe,
  head_sha: text,
  actor: userShape.nullish(),
  triggering_actor: userShape.nullish(),
  created_at: text,
  run_started_at: maybe,
  updated_at: maybe,
});
export type Run = z.infer<typeof runShape>;

const stepShape = z.object({
  name: text,
  status: text,
  conclusion: maybe,
  number: z.number(),
  started_at: maybe,
  completed_at: maybe,
});
export const jobShape = z.object({
  id: z.number(),
  run_id: z.number(),
  name: text,
  status: text,
  conclusion: maybe,
  created_at: maybe,
  started_at: maybe,
  completed_at: maybe,
  labels: z.array(text).default([]),
  runner_name: maybe,
  steps: z.array(stepShape).nullish(),
});
export type Job = z.infer<typeof jobShape>;
export type Step = z.infer<typeof stepShape>;

export const artifactShape = z.object({
  id: z.number(),
  name: text,
  size_in_bytes: z.number(),
  digest: maybe,
  expired: z.boolean().default(false),
  created_at: maybe,
});
export type Artifact = z.infer<typeof artifactShape>;

export const runnerShape = z.object({
  name: text,
  status: text,
  busy: z.boolean().default(false),
  labels: z.array(z.object({ name: text })).default([]),
});
export type Runner = z.infer<typeof runnerShape>;

export const deploymentShape = z.object({
  id: z.number(),
  sha: text,
  ref: text,
  environment: text,
  description: maybe,
  creator: userShape.nullish(),
  created_at: text,
  payload: z.unknown().optional(),
});
export type Deployment = z.infer<typeof deploymentShape>;
export const deploymentStatusShape = z.object({
  id: z.number(),
  state: text,
  description: maybe,
  creator: userShape.nullish(),
  created_at: text,
  log_url: maybe,
});
export type DeploymentStatus = z.infer<typeof deploymentStatusShape>;
