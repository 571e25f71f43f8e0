/** Pages of the runs behind a report, and the whole report as a page of its own. */
export type Links = { train?: string | undefined; judge?: string | undefined; page?: string | undefined };

/** The address if it is one of the web and cannot leave its place in a markdown link, else null. */
export function safeLink(address: string | undefined): string | null {
  return address !== undefined && /^https?:\/\/[\w.:/?=&%#~+-]+$/.test(address) ? address : null;
}
