import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['README.md', 'docs/*.md', 'docs/adr/*.md', 'examples/*/README.md', 'actions/*/README.md']
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .sort();

type Node = { type: string; url?: string; value?: string; children?: Node[] };
const parser = unified().use(remarkParse).use(remarkGfm);

function nodesOf(page: string, type: string): Node[] {
  const walk = (node: Node): Node[] => [...(node.type === type ? [node] : []), ...(node.children ?? []).flatMap(walk)];
  return walk(parser.parse(readFileSync(join(root, page), 'utf8')));
}

test.each(pages)('every link of %s leads to something in this repository', (page) => {
  const own = nodesOf(page, 'link')
    .map(({ url }) => url ?? '')
    .filter((url) => !/^[a-z]+:/.test(url));
  const dead = own.filter((url) => {
    const [path = '', anchor] = url.split('#');
    const target = path === '' ? page : relative(root, join(root, dirname(page), path));
    if (target.startsWith('..') || statSync(join(root, target), { throwIfNoEntry: false }) === undefined) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(dead).toEqual([]);
});

/** Anchors of headings as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return nodesOf(page, 'heading').map((heading) =>
    textOf(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

function textOf({ value = '', children = [] }: Node): string {
  return value + children.map(textOf).join('');
}

test('every page of the documentation can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    for (const { url = '' } of nodesOf(page, 'link')) {
      const [path = ''] = url.split('#');
      const target = relative(root, join(root, dirname(page), path));
      if (path !== '' && pages.includes(target)) reached.add(target);
    }
  }
  expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
});
