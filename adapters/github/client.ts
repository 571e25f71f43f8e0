import type { Octokit } from '@octokit/rest';

/** The part of an Octokit that adapters use; `@actions/github`, Probot and `@octokit/rest` all provide it. */
export type GitHub = Pick<Octokit, 'rest' | 'paginate' | 'request'>;
