import type { TreeChange } from './planned-action.ts';

/** Files of one commit: path to blob. */
export type Files = ReadonlyMap<string, { sha: string; mode: string }>;

export type Revert =
  | { possible: true; changes: TreeChange[] }
  /** `paths` were changed again since, or are not ours to change. */
  | { possible: false; paths: string[] };

/**
 * Undoes what one merge did to the files, on top of `now`: each file gets back what it was before the merge. Not
 * possible when a file has moved on since, or when it is a workflow, which an App without that permission cannot write.
 * No changes mean that all of it is undone already.
 */
export function planRevert({ before, merged, now }: { before: Files; merged: Files; now: Files }): Revert {
  const changes: TreeChange[] = [];
  const stuck: string[] = [];
  for (const path of new Set([...before.keys(), ...merged.keys()])) {
    const old = before.get(path);
    const made = merged.get(path);
    const current = now.get(path);
    if (isSame(old, made) || isSame(old, current)) continue;
    const mode = (old ?? made)?.mode;
    if (!isSame(made, current) || path.startsWith('.github/workflows/') || !isFileMode(mode)) stuck.push(path);
    else changes.push({ path, sha: old?.sha ?? null, mode });
  }
  return stuck.length === 0 ? { possible: true, changes } : { possible: false, paths: stuck.sort() };
}

type Blob = { sha: string; mode: string } | undefined;

function isSame(left: Blob, right: Blob): boolean {
  return left?.sha === right?.sha && left?.mode === right?.mode;
}

function isFileMode(mode: string | undefined): mode is '100644' | '100755' | '120000' {
  return mode === '100644' || mode === '100755' || mode === '120000';
}
