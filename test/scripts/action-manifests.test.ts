import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Action, readActions } from '../../scripts/reference/read-actions.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const actions = readActions(root);
/** The folder with an action's code; the root action's lies in `actions/train`. */
const sourceOf = ({ runs, folder }: Action) => join(folder, runs.main).replace(/\/dist\/index\.cjs$/, '');

function namesIn(folder: string, call: RegExp): string[] {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts'));
  const own = files.map((name) => readFileSync(join(root, folder, name), 'utf8')).join('\n');
  // What several actions share lies beside their folders.
  const shared = [...own.matchAll(/from '\.\.\/([\w-]+\.ts)'/g)].map((match) => match[1] ?? '');
  const text = [own, ...shared.map((name) => readFileSync(join(root, 'actions', name), 'utf8'))].join('\n');
  return [...new Set([...text.matchAll(call)].map((match) => match[1] ?? ''))].sort();
}

test('there are the seven actions of the architecture', () => {
  const folders = ['deploy', 'evaluate', 'monitor', 'publish', 'rank', 'report'].map((name) => `actions/${name}`);
  expect(actions.map(({ folder }) => folder)).toEqual(['', ...folders]);
});

describe.for(actions.map((action) => [action.name, action] as const))('%s', ([, action]) => {
  test('declares the inputs that its code reads', () => {
    expect(namesIn(sourceOf(action), /getInput\('([^']+)'/g)).toEqual(Object.keys(action.inputs).sort());
  });

  test('declares the outputs that its code sets', () => {
    expect(namesIn(sourceOf(action), /setOutput\('([^']+)'/g)).toEqual(Object.keys(action.outputs).sort());
  });

  test('runs on Node 24, from a bundle that the build makes', () => {
    expect(action.runs.using).toBe('node24');
    expect(action.runs.main).toMatch(/(^|\/)dist\/index\.cjs$/);
    // The build bundles `actions/<name>/index.ts` to `actions/<name>/dist/index.cjs`.
    expect(existsSync(join(root, sourceOf(action), 'index.ts'))).toBe(true);
  });
});

test('every action that examples and actions use is pinned by a commit', () => {
  const files = ['examples', 'actions'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name) && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  );
  const used = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^\s*-?\s*uses:\s*(\S+)/gm)].map(
      (match) => `${file}: ${match[1]}`,
    ),
  );
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((line) => !/@[0-9a-f]{40}$/.test(line))).toEqual([]);
});
