import { createHash } from 'node:crypto';
import type { FakeRequest, FakeRoute } from './fake-github.ts';
import { notFound, Refusal } from './fake-github.ts';

type Blob = { mode: string; sha: string };
export type GitData = {
  blobs: Map<string, string>;
  /** Trees by their sha, flat: whole path to blob. */
  trees: Map<string, Map<string, Blob>>;
  commits: Map<string, { tree: string; parents: string[]; message: string }>;
  refs: Map<string, string>;
  /** Puts a commit with these files on top of a branch and returns its sha; null removes a file. */
  commit(branch: string, files: Record<string, string | null>): string;
  /** Text of a file at a branch, or null. */
  text(branch: string, path: string): string | null;
};

export function gitData(): GitData {
  const git: GitData = {
    blobs: new Map(),
    trees: new Map(),
    commits: new Map(),
    refs: new Map(),
    commit(branch, files) {
      const parent = git.refs.get(`heads/${branch}`);
      const base = parent === undefined ? undefined : git.commits.get(parent)?.tree;
      const tree = new Map(base === undefined ? [] : git.trees.get(base));
      for (const [path, content] of Object.entries(files)) {
        if (content === null) tree.delete(path);
        else tree.set(path, { mode: '100644', sha: saveBlob(git, content) });
      }
      const sha = saveCommit(git, {
        tree: saveTree(git, tree),
        parents: parent === undefined ? [] : [parent],
        message: `commit ${git.commits.size}`,
      });
      git.refs.set(`heads/${branch}`, sha);
      return sha;
    },
    text(branch, path) {
      const blob = treeOf(git, git.refs.get(`heads/${branch}`) ?? '')?.get(path);
      return blob === undefined ? null : (git.blobs.get(blob.sha) ?? null);
    },
  };
  return git;
}

/** The git database as GitHub's REST shows it. */
export function gitRoutes(git: GitData): FakeRoute[] {
  return [
    ['GET', '/repos/:owner/:repo/contents/?(.*)', (request) => contents(git, request)],
    [
      'GET',
      '/repos/:owner/:repo/compare/([0-9a-f]{40})\\.\\.\\.([0-9a-f]{40})',
      ({ params: [, , base = '', head = ''] }) => ({ status: statusOf(git, base, head) }),
    ],
    ['GET', '/repos/:owner/:repo/git/ref/(.+)', ({ params: [, , ref = ''] }) => refOf(git, ref)],
    ['POST', '/repos/:owner/:repo/git/refs', ({ body }) => createRef(git, body)],
    ['PATCH', '/repos/:owner/:repo/git/refs/(.+)', ({ params: [, , ref = ''], body }) => updateRef(git, ref, body)],
    ['GET', '/repos/:owner/:repo/git/commits/:sha', ({ params: [, , sha = ''] }) => commitOf(git, sha)],
    ['POST', '/repos/:owner/:repo/git/commits', ({ body }) => commitOf(git, saveCommit(git, body))],
    ['GET', '/repos/:owner/:repo/git/trees/(.+)', ({ params: [, , sha = ''], query }) => tree(git, sha, query)],
    ['POST', '/repos/:owner/:repo/git/trees', ({ body }) => createTree(git, body)],
    [
      'GET',
      '/repos/:owner/:repo/git/blobs/:sha',
      ({ params: [, , sha = ''] }) => ({ content: Buffer.from(git.blobs.get(sha) ?? '').toString('base64') }),
    ],
  ];
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function saveBlob(git: GitData, content: string): string {
  const sha = hash(`blob ${content}`);
  git.blobs.set(sha, content);
  return sha;
}

function saveTree(git: GitData, files: Map<string, Blob>): string {
  const sorted = [...files].sort(([left], [right]) => (left < right ? -1 : 1));
  const sha = hash(`tree ${JSON.stringify(sorted)}`);
  git.trees.set(sha, new Map(sorted));
  return sha;
}

function saveCommit(git: GitData, { tree, parents, message }: { tree: string; parents: string[]; message: string }) {
  const sha = hash(`commit ${tree} ${parents.join(' ')} ${message} ${git.commits.size}`);
  git.commits.set(sha, { tree, parents, message });
  return sha;
}

function treeOf(git: GitData, commit: string): Map<string, Blob> | undefined {
  return git.trees.get(git.commits.get(commit)?.tree ?? '');
}

function contents(git: GitData, { params: [, , path = ''], query }: FakeRequest) {
  const ref = query.get('ref') ?? 'main';
  const tree = treeOf(git, git.refs.get(ref.startsWith('refs/') ? ref.slice('refs/'.length) : `heads/${ref}`) ?? ref);
  const blob = tree?.get(path);
  if (blob === undefined) return folderOf([...(tree?.keys() ?? [])], path);
  const content = git.blobs.get(blob.sha) ?? '';
  // GitHub leaves the content of larger files out.
  const large = content.length > 1024 * 1024;
  return {
    type: 'file',
    path,
    sha: blob.sha,
    encoding: large ? 'none' : 'base64',
    content: large ? '' : Buffer.from(content).toString('base64'),
  };
}

/** The entries right below a folder. */
function folderOf(paths: readonly string[], folder: string) {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  if (below.length === 0) return notFound();
  return [...new Set(below.map((path) => path.split('/')[0] ?? ''))].map((name) => ({
    type: below.includes(name) ? 'file' : 'dir',
    path: `${prefix}${name}`,
    name,
  }));
}

function refOf(git: GitData, ref: string) {
  const sha = git.refs.get(ref);
  return sha === undefined ? notFound() : { ref: `refs/${ref}`, object: { sha, type: 'commit' } };
}

function createRef(git: GitData, { ref, sha }: { ref: string; sha: string }) {
  const name = ref.replace(/^refs\//, '');
  if (git.refs.has(name)) throw new Refusal(422, 'Reference already exists');
  git.refs.set(name, sha);
  return refOf(git, name);
}

function updateRef(git: GitData, ref: string, { sha, force }: { sha: string; force?: boolean }) {
  const old = git.refs.get(ref);
  if (old === undefined) throw new Refusal(422, 'Reference does not exist');
  if (force !== true && !ancestors(git, sha).has(old)) throw new Refusal(422, 'Update is not a fast forward');
  git.refs.set(ref, sha);
  return refOf(git, ref);
}

function ancestors(git: GitData, sha: string): Set<string> {
  const seen = new Set<string>();
  const open = [sha];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    seen.add(next);
    open.push(...(git.commits.get(next)?.parents ?? []));
  }
  return seen;
}

function commitOf(git: GitData, sha: string) {
  const commit = git.commits.get(sha);
  if (commit === undefined) return notFound();
  return {
    sha,
    message: commit.message,
    tree: { sha: commit.tree },
    parents: commit.parents.map((parent) => ({ sha: parent })),
  };
}

type NewTree = { base_tree?: string; tree: { path: string; mode: string; content?: string; sha?: string | null }[] };

function createTree(git: GitData, { base_tree, tree }: NewTree) {
  const files = new Map(base_tree === undefined ? [] : git.trees.get(base_tree));
  for (const { path, mode, content, sha } of tree) {
    if (content === undefined && (sha ?? null) === null) files.delete(path);
    else files.set(path, { mode, sha: content === undefined ? (sha ?? '') : saveBlob(git, content) });
  }
  return { sha: saveTree(git, files) };
}

/** A tree, a commit's tree, or the subtree `<tree>:<folder>` that this fake names its folders by. */
function tree(git: GitData, sha: string, query: URLSearchParams) {
  const [root = '', folder = ''] = decodeURIComponent(sha).split(':');
  const all = git.trees.get(root) ?? treeOf(git, root);
  if (all === undefined) return notFound();
  const prefix = folder === '' ? '' : `${folder}/`;
  const files = [...all].flatMap(([path, blob]) =>
    path.startsWith(prefix) ? [{ path: path.slice(prefix.length), type: 'blob', ...blob }] : [],
  );
  if (query.has('recursive')) return { sha, truncated: false, tree: files };
  const folders = new Set(files.flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])));
  const entries = [...folders].map((name) => ({
    path: name,
    type: 'tree',
    mode: '040000',
    sha: `${root}:${prefix}${name}`,
  }));
  return { sha, truncated: false, tree: [...entries, ...files.filter(({ path }) => !path.includes('/'))] };
}

/** Where `head` stands when seen from `base`. */
function statusOf(git: GitData, base: string, head: string): string {
  if (!git.commits.has(base) || !git.commits.has(head)) return notFound();
  if (base === head) return 'identical';
  if (historyOf(git, head).has(base)) return 'ahead';
  return historyOf(git, base).has(head) ? 'behind' : 'diverged';
}

function historyOf(git: GitData, commit: string): Set<string> {
  const seen = new Set<string>();
  const open = [commit];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(git.commits.get(next)?.parents ?? []));
  }
  return seen;
}
