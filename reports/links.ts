/** Pages of the runs behind a report. */
export type Links = { train?: string; judge?: string };

/** The address if it is one of the web and cannot leave its place in a markdown link, else null. */
export function safeLink(address: string | undefined): string | null {
  return address !== undefined && /^https?:\/\/[\w.:/?=&%#~+-]+$/.test(address) ? address : null;
}
