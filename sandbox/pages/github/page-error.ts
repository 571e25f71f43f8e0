/** A page that cannot be shown, with the HTTP status a browser gets. */
export class PageError extends Error {
  readonly status: number;
  constructor(status: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PageError';
    this.status = status;
  }
}
