/** One line of a unified diff with its line numbers on both sides. */
export type PatchLine = {
  kind: 'added' | 'removed' | 'same' | 'hunk';
  sign: string;
  old: number | null;
  new: number | null;
  text: string;
};

/** Reads the hunks that GitHub gives as `patch` of a changed file. */
export function parsePatch(patch: string): PatchLine[] {
  let before = 0;
  let after = 0;
  return patch.split('\n').map((line): PatchLine => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      return { kind: 'hunk', sign: '', old: null, new: null, text: line };
    }
    const text = line.slice(1);
    if (line.startsWith('+')) return { kind: 'added', sign: '+', old: null, new: after++, text };
    if (line.startsWith('-')) return { kind: 'removed', sign: '−', old: before++, new: null, text };
    if (line.startsWith('\\')) return { kind: 'same', sign: '', old: null, new: null, text: line };
    return { kind: 'same', sign: '', old: before++, new: after++, text };
  });
}
