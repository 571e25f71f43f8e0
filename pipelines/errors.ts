/** The parts of a good error sentence; `where` is a file, key, URL or step, `cure` is what the reader does next. */
export type ErrorParts = {
  what: string;
  where?: string;
  seen?: string;
  allowed?: string;
  cure?: string;
  cause?: unknown;
};

/**
 * A fault of the input or the surroundings, with a code to branch on. Anything else that is thrown is our own bug.
 * The message is composed from the parts; nothing may ever be decided by reading it back.
 */
export class PulltrainError extends Error {
  readonly code: string;
  readonly parts: ErrorParts;

  constructor(code: string, parts: ErrorParts) {
    super(composeMessage(parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'PulltrainError';
    this.code = code;
    this.parts = parts;
  }
}

function composeMessage({ what, where, seen, allowed, cure }: ErrorParts): string {
  const facts = [
    seen === undefined ? undefined : `got ${seen}`,
    allowed === undefined ? undefined : `allowed: ${allowed}`,
  ].filter((fact) => fact !== undefined);
  const head = where === undefined ? what : `${where}: ${what}`;
  const body = facts.length === 0 ? head : `${head} (${facts.join('; ')})`;
  return cure === undefined ? body : `${body}. ${cure}`;
}
