/** How an integrity is spelled: `sha512-<base64>` or `sha256-<base64>`, with its algorithm and digest as groups. */
export const integrityPattern = /^sha(256|512)-([A-Za-z0-9+/]{43,86})={0,2}$/;
