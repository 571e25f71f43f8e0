import type { KeyObject } from 'node:crypto';
import type { GitStore } from './git/open-git-store.ts';
import type { Actor, Permissions, Role } from './kernel.ts';

/** Everything the local GitHub remembers. Times are ISO 8601 in whole seconds, as GitHub writes them. */
export type State = {
  /** By lower-case login. */
  accounts: Map<string, Account>;
  apps: Map<number, App>;
  installations: Map<number, Installation>;
  /** By lower-case `owner/name`. */
  repositories: Map<string, Repository>;
  credentials: Map<string, Credential>;
  deliveries: Delivery[];
};

export type Account = {
  id: number;
  login: string;
  name: string;
  email: string;
  type: 'User' | 'Bot' | 'Organization';
  /** Logins of an organisation's owners. */
  owners: Set<string>;
  createdAt: string;
};

export type App = {
  id: number;
  slug: string;
  name: string;
  clientId: string;
  botId: number;
  publicKey: KeyObject | null;
  webhookUrl: string | null;
  webhookSecret: string;
  permissions: Permissions;
  events: string[];
  createdAt: string;
};

export type Installation = {
  id: number;
  appId: number;
  account: string;
  repositoryIds: Set<number>;
  createdAt: string;
};

export type Credential =
  | { kind: 'user'; login: string }
  | {
      kind: 'installation';
      installationId: number;
      permissions: Permissions;
      repositoryIds: ReadonlySet<number>;
      /** Milliseconds since the epoch. */
      expiresAt: number;
    }
  | { kind: 'job'; repositoryId: number; runId: number; jobId: number; permissions: Permissions };

export type Delivery = {
  id: number;
  guid: string;
  appId: number;
  installationId: number;
  repositoryId: number;
  event: string;
  action: string | null;
  deliveredAt: string;
  redelivery: boolean;
  /** Seconds. */
  duration: number;
  status: string;
  statusCode: number;
  request: { headers: Record<string, string>; body: string };
  response: { headers: Record<string, string>; body: string };
};

export type Repository = {
  id: number;
  owner: string;
  name: string;
  description: string | null;
  private: boolean;
  defaultBranch: string;
  deleteBranchOnMerge: boolean;
  createdAt: string;
  updatedAt: string;
  pushedAt: string;
  git: GitStore;
  collaborators: Map<string, Role>;
  labels: Map<string, Label>;
  /** Issues and pull requests share one sequence of numbers. */
  issues: Map<number, Issue>;
  lastNumber: number;
  comments: Map<number, Comment>;
  checkSuites: Map<number, CheckSuite>;
  checkRuns: Map<number, CheckRun>;
  statuses: CommitStatus[];
  releases: Map<number, Release>;
  /** Whether a release freezes when it is published, a setting of the repository. */
  immutableReleases: boolean;
  /** Tags that an immutable release has used; never free again. */
  burnedTags: Set<string>;
  deployments: Map<number, Deployment>;
  environments: Map<string, Environment>;
  protections: Map<string, Protection>;
  secrets: Map<string, string>;
  variables: Map<string, string>;
};

export type Label = { id: number; name: string; color: string; description: string | null };

export type Reaction = { id: number; content: string; actor: Actor; createdAt: string };

export type Issue = {
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null;
  author: Actor;
  labels: string[];
  assignees: string[];
  reactions: Reaction[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Actor | null;
  pull: Pull | null;
};

export type Pull = {
  id: number;
  head: { ref: string; sha: string };
  base: { ref: string; sha: string };
  draft: boolean;
  merged: boolean;
  mergedAt: string | null;
  mergedBy: Actor | null;
  /** The test merge while open, the commit on the base branch once merged. */
  mergeCommitSha: string | null;
  mergeable: boolean;
  /** The base branch has commits that the head lacks. */
  behind: boolean;
  /** The two commits that the counts below compare, `fork...head`. */
  compared: string;
  commits: number;
  additions: number;
  deletions: number;
  changedFiles: number;
  reviews: Review[];
};

export type Review = {
  id: number;
  author: Actor;
  body: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
  commitId: string;
  submittedAt: string;
};

export type Comment = {
  id: number;
  issueNumber: number;
  body: string;
  author: Actor;
  reactions: Reaction[];
  createdAt: string;
  updatedAt: string;
};

export type CheckSuite = { id: number; appId: number; headSha: string; createdAt: string; updatedAt: string };

export type CheckRun = {
  id: number;
  suiteId: number;
  appId: number;
  name: string;
  headSha: string;
  status: string;
  conclusion: string | null;
  detailsUrl: string | null;
  externalId: string;
  startedAt: string | null;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Record<string, unknown>[];
};

export type CommitStatus = {
  id: number;
  sha: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  context: string;
  description: string | null;
  targetUrl: string | null;
  creator: Actor;
  createdAt: string;
};

export type Release = {
  id: number;
  tagName: string;
  targetCommitish: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  immutable: boolean;
  prerelease: boolean;
  makeLatest: boolean;
  author: Actor;
  createdAt: string;
  publishedAt: string | null;
  assets: Map<number, Asset>;
};

export type Asset = {
  id: number;
  name: string;
  label: string | null;
  contentType: string;
  size: number;
  digest: string;
  file: string;
  uploader: Actor;
  downloads: number;
  createdAt: string;
};

export type Deployment = {
  id: number;
  sha: string;
  ref: string;
  task: string;
  payload: unknown;
  environment: string;
  description: string | null;
  transient: boolean;
  production: boolean;
  creator: Actor;
  createdAt: string;
  updatedAt: string;
  statuses: DeploymentStatus[];
};

export type DeploymentStatus = {
  id: number;
  state: string;
  description: string;
  environment: string;
  environmentUrl: string;
  logUrl: string;
  creator: Actor;
  createdAt: string;
};

export type Environment = {
  id: number;
  name: string;
  branchPolicy: 'all' | 'protected' | 'custom';
  branches: { id: number; name: string }[];
  secrets: Map<string, string>;
  variables: Map<string, string>;
  createdAt: string;
  updatedAt: string;
};

export type Protection = {
  requiredChecks: { context: string; appId: number | null }[] | null;
  /** The branch must contain the tip of its base before it merges. */
  strict: boolean;
  enforceAdmins: boolean;
};
