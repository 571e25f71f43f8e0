import type { GitStore } from './open-git-store.ts';

export type FileChange = {
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  path: string;
  previousPath: string | null;
  /** Of the new blob, or of the old one when the file is removed. */
  oid: string;
  additions: number;
  deletions: number;
  patch: string | null;
};

const STATUS = { A: 'added', D: 'removed', M: 'modified', R: 'renamed', T: 'changed' } as const;
const ZERO = '0'.repeat(40);

/** Files that differ between two trees or commits; patches only when asked for, they cost a second process. */
export async function diffFiles(git: GitStore, from: string, to: string, withPatch: boolean): Promise<FileChange[]> {
  const base = ['diff-tree', '-r', '-M', '--no-commit-id', from, to];
  const [listing, patches] = await Promise.all([
    git.run([...base, '--raw', '--numstat', '-z', '--abbrev=40']),
    withPatch ? git.run([...base, '-p']) : null,
  ]);
  const files = parseListing(listing.stdout.toString());
  if (patches === null) return files;
  const sections = patches.stdout.toString().split(/^(?=diff --git )/m);
  return files.map((file, index) => {
    const section = sections[index] ?? '';
    const hunk = section.indexOf('\n@@');
    return { ...file, patch: hunk < 0 ? null : section.slice(hunk + 1).replace(/\n$/, '') };
  });
}

function parseListing(text: string): FileChange[] {
  const fields = text.split('\0');
  const files: FileChange[] = [];
  let at = 0;
  while (fields[at]?.startsWith(':')) {
    const [, , before = '', after = '', letter = 'M'] = (fields[at] ?? '').split(' ');
    const renamed = letter.startsWith('R');
    const first = fields[at + 1] ?? '';
    files.push({
      status: letter in STATUS ? STATUS[toLetter(letter)] : renamed ? 'renamed' : 'modified',
      path: renamed ? (fields[at + 2] ?? '') : first,
      previousPath: renamed ? first : null,
      oid: after === ZERO ? before : after,
      additions: 0,
      deletions: 0,
      patch: null,
    });
    at += renamed ? 3 : 2;
  }
  for (const file of files) {
    const [added = '0', deleted = '0', path = ''] = (fields[at] ?? '').split('\t');
    file.additions = Number(added) || 0;
    file.deletions = Number(deleted) || 0;
    at += path === '' ? 3 : 1;
  }
  return files;
}

function toLetter(letter: string): keyof typeof STATUS {
  return letter === 'A' || letter === 'D' || letter === 'R' || letter === 'T' ? letter : 'M';
}
