import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const faces = ['actions', 'bot', 'cli', 'server'];

/** Which rooms each room may import; its own files are always allowed. */
const allowedRooms: Record<string, readonly string[]> = {
  pipelines: [],
  reports: ['pipelines/contracts', 'pipelines/errors.ts'],
  adapters: ['pipelines'],
  actions: ['pipelines', 'reports', 'adapters'],
  bot: ['pipelines', 'reports', 'adapters'],
  cli: ['pipelines', 'reports', 'adapters'],
  server: ['pipelines', 'adapters'],
  sandbox: ['pipelines/contracts', 'pipelines/errors.ts', 'pipelines/describe-error.ts', 'scripts/build-actions.ts'],
};

/** Packages without I/O, the only ones pure code may use. */
const purePackages: Record<string, readonly string[]> = {
  pipelines: ['zod', 'yaml', 'smol-toml', 'ssri', 'node:path/posix'],
  reports: ['markdown-table', 'zod'],
};
const impureNames = /\b(process\.|Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\()/;

type Import = { file: string; specifier: string; target: string | null };

function sourceFiles(room: string): string[] {
  return readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('/dist/') && !file.includes('node_modules'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern = /^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = match[1] ?? match[2] ?? '';
    const target = specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : null;
    return { file, specifier, target };
  });
}

function isInside(target: string, place: string): boolean {
  return target === place || target.startsWith(`${place}/`);
}

describe.each(Object.keys(allowedRooms))('the room %s', (room) => {
  const imports = sourceFiles(room).flatMap(importsOf);

  it('imports only the rooms it may', () => {
    const allowed = [room, ...(allowedRooms[room] ?? [])];
    const strangers = imports
      .filter(({ target }) => target !== null && !allowed.some((place) => isInside(target, place)))
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(strangers).toEqual([]);
  });
});

describe.each(Object.entries(purePackages))('the pure room %s', (room, packages) => {
  it('has no packages that reach outside', () => {
    const strangers = sourceFiles(room)
      .flatMap(importsOf)
      .filter(({ specifier, target }) => target === null && !packages.includes(specifier))
      .map(({ file, specifier }) => `${file} -> ${specifier}`);
    expect(strangers).toEqual([]);
  });

  it('reads no clock, environment or randomness', () => {
    const impure = sourceFiles(room).filter((file) => impureNames.test(readFileSync(join(root, file), 'utf8')));
    expect(impure).toEqual([]);
  });
});

describe('contracts', () => {
  it('import nothing but zod and each other', () => {
    const strangers = sourceFiles('pipelines/contracts')
      .flatMap(importsOf)
      .filter(({ specifier, target }) =>
        target === null ? specifier !== 'zod' : !isInside(target, 'pipelines/contracts'),
      )
      .map(({ file, specifier }) => `${file} -> ${specifier}`);
    expect(strangers).toEqual([]);
  });
});

describe('faces', () => {
  it('are not imported by the sandbox: it drives them as processes', () => {
    const inside = sourceFiles('sandbox')
      .flatMap(importsOf)
      .filter(({ target }) => target !== null && faces.some((face) => isInside(target, face)));
    expect(inside).toEqual([]);
  });
});
