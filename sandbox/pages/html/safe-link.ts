/** An address that may stand in `href`: a path of this server or http(s); anything else (`javascript:`) leads nowhere. */
export function safeLink(address: string | null | undefined): string | null {
  if (address === null || address === undefined) return null;
  if (address.startsWith('/') && !address.startsWith('//') && !address.startsWith('/\\')) return address;
  return /^https?:\/\//i.test(address) ? address : null;
}
