/** Splits `feature/a/src/x.py` into ref and path: the longest known branch or tag wins, else the first part. */
export function splitRef(rest: string, refs: readonly string[]): { ref: string; path: string } {
  const known = refs.filter((ref) => rest === ref || rest.startsWith(`${ref}/`)).sort((a, b) => b.length - a.length)[0];
  const ref = known ?? rest.split('/')[0] ?? rest;
  return { ref, path: rest.slice(ref.length + 1).replace(/\/+$/, '') };
}
