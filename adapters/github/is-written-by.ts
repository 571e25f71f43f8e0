/** A repository as every call names it. */
export type Place = { owner: string; repo: string };

/** The App as an author: what it writes is found again by this, never by text alone. */
export type Author = { login: string; appId: number };

type Written = { user?: { login: string } | null; performed_via_github_app?: { id: number } | null };

/** True when the App itself wrote it: nobody else can have its login, and no user token acted through it. */
export function isWrittenBy(written: Written, { login, appId }: Author): boolean {
  if (written.user?.login !== login) return false;
  const via = written.performed_via_github_app;
  return via === undefined || via === null || via.id === appId;
}
