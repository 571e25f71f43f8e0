import { setTimeout as wait } from 'node:timers/promises';

const attempts = 5;
/** Seconds that a server may ask to wait before it is told to the person instead. */
const longestWait = 60;

/** An answer of GitHub that is no success, outside of Octokit. */
export class GitHubRefused extends Error {
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(status: number, text: string, retryAfter: string | string[] | undefined) {
    super(/"message"\s*:\s*"([^"]{0,300})"/.exec(text)?.[1] ?? `answered with ${status}`);
    this.status = status;
    this.retryAfter = typeof retryAfter === 'string' ? Number(retryAfter) : undefined;
  }
}

/**
 * Repeats a call that may be made twice: after server errors and broken connections with growing waits from 0.2 s, after
 * "too many requests" with the wait that GitHub asks for, up to a minute.
 */
export async function askGitHubAgain<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (cause) {
      const seconds = secondsToWait(cause, attempt);
      if (seconds === null || attempt + 1 >= attempts) throw cause;
      await wait(seconds * 1000);
    }
  }
}

function secondsToWait(cause: unknown, attempt: number): number | null {
  const patience = 0.2 * 2 ** attempt;
  const status = cause instanceof Error && 'status' in cause ? Number(cause.status) : undefined;
  if (status === undefined || status >= 500) return patience;
  const asked = retryAfterOf(cause);
  if (status !== 429 && status !== 403) return null;
  if (asked === undefined) return status === 429 ? patience : null;
  return asked <= longestWait ? asked : null;
}

function retryAfterOf(cause: unknown): number | undefined {
  if (cause instanceof GitHubRefused) return cause.retryAfter;
  if (!(cause instanceof Error) || !('response' in cause)) return undefined;
  const { response } = cause;
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('retry-after' in headers)) return undefined;
  return Number(headers['retry-after']);
}
