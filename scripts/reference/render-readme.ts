import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verbs } from '../../cli/verbs.ts';
import { markdownTable } from './table.ts';

const between = /(?<=<!-- verbs: written by `npm run generate` -->\n)[\s\S]*?(?=<!-- \/verbs -->)/;

/** The README as it is, with the list of verbs as it should be. */
export async function renderReadme(root: string): Promise<string> {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const loaded = await Promise.all(verbs.map((verb) => ('load' in verb ? verb.load() : verb)));
  const rows = loaded.map(({ name, summary, actions }) => [
    `\`pulltrain ${name}\``,
    `${summary}${actions === undefined ? '' : `: ${actions.map((action) => `\`${action}\``).join(', ')}`}`,
  ]);
  return text.replace(between, () => `\n${markdownTable(['verb', 'what it does'], rows)}\n\n`);
}
