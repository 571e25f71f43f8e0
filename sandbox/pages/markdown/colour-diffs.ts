import { element, elementsOf, type Root, textOf } from './tree.ts';

/** Colours the added and removed lines of fenced `diff` blocks. */
export function colourDiffs(): (tree: Root) => void {
  return (tree) => {
    for (const node of [...elementsOf(tree)]) {
      const classes = node.properties.className;
      if (node.tagName !== 'code' || !Array.isArray(classes) || !classes.includes('language-diff')) continue;
      const lines = textOf(node).replace(/\n$/, '').split('\n');
      node.children = lines.map((line) =>
        element('span', { className: ['line', toneOf(line)] }, [{ type: 'text', value: `${line}\n` }]),
      );
    }
  };
}

function toneOf(line: string): string {
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return line.startsWith('@@') ? 'hunk' : 'same';
}
