import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFiles } from '../../../../sandbox/runner/actions/upload-artifact/find-files.ts';

let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'pulltrain-files-'));
  for (const file of [
    'out/model.onnx',
    'out/logs/a.log',
    'out/logs/b.txt',
    'out/.hidden/x',
    'other/c.log',
    'top.json',
  ]) {
    mkdirSync(dirname(join(workspace, file)), { recursive: true });
    writeFileSync(join(workspace, file), file);
  }
  symlinkSync('/etc/passwd', join(workspace, 'out/link'));
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

describe('the files of an artifact', () => {
  it.each<[string, string[], string[]]>([
    ['a folder', ['out'], ['logs/a.log', 'logs/b.txt', 'model.onnx']],
    ['a folder with a slash', ['out/'], ['logs/a.log', 'logs/b.txt', 'model.onnx']],
    ['a file', ['out/model.onnx'], ['model.onnx']],
    ['two files of one folder', ['out/model.onnx', 'out/logs/a.log'], ['logs/a.log', 'model.onnx']],
    ['a pattern', ['out/**/*.log'], ['logs/a.log']],
    ['two folders', ['out/logs', 'other'], ['other/c.log', 'out/logs/a.log', 'out/logs/b.txt']],
    ['all but some', ['out', '!out/logs/*.txt'], ['logs/a.log', 'model.onnx']],
    ['nothing', ['missing', 'none/*.x'], []],
  ])('are, for %s, named from what the lines have in common', (_what, lines, names) => {
    expect(findFiles(workspace, lines, false).map(({ name }) => name)).toEqual(names);
  });

  it('include hidden ones when asked', () => {
    expect(findFiles(workspace, ['out'], true).map(({ name }) => name)).toContain('.hidden/x');
  });
});
