import type { GitStore } from './open-git-store.ts';

/** `date` is ISO 8601 in whole seconds, UTC. */
export type Person = { name: string; email: string; date: string };

export type Commit = {
  oid: string;
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
};

/** Reads a commit through any revision; null when there is none. */
export async function readCommit(git: GitStore, revision: string): Promise<Commit | null> {
  const object = await git.read(`${revision}^{commit}`);
  return object === null ? null : parseCommit(object.oid, object.bytes.toString());
}

function parseCommit(oid: string, text: string): Commit {
  const blank = text.indexOf('\n\n');
  const headers = text.slice(0, blank).split('\n');
  const values = (key: string): string[] =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    oid,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parsePerson(values('author')[0] ?? ''),
    committer: parsePerson(values('committer')[0] ?? ''),
    message: text.slice(blank + 2).replace(/\n+$/, ''),
  };
}

/** A person line of a commit or tag: `Name <mail> seconds zone`. */
export function parsePerson(line: string): Person {
  const match = /^(.*?) ?<([^>]*)> (\d+)/.exec(line);
  const seconds = Number(match?.[3] ?? 0);
  return {
    name: match?.[1] ?? '',
    email: match?.[2] ?? '',
    date: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
  };
}

export function formatPerson({ name, email, date }: Person): string {
  const clean = (text: string): string => text.replace(/[<>\n\0]/g, '').trim();
  return `${clean(name) || 'unknown'} <${clean(email)}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
}

/** Writes a commit and returns its object id. */
export function writeCommit(git: GitStore, commit: Omit<Commit, 'oid'>): Promise<string> {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${formatPerson(commit.author)}`,
    `committer ${formatPerson(commit.committer)}`,
    '',
    commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
  ];
  return git.write('commit', Buffer.from(lines.join('\n')));
}
