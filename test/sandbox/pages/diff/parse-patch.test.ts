import { expect, test } from 'vitest';
import { parsePatch } from '../../../../sandbox/pages/diff/parse-patch.ts';

test('counts lines on both sides, hunk by hunk', () => {
  const patch =
    '@@ -3,3 +3,3 @@ section\n same\n-old\n+new\n same\n@@ -40 +40 @@\n-x\n+y\n\\ No newline at end of file';
  expect(parsePatch(patch).map((line) => [line.kind, line.old, line.new, line.text])).toEqual([
    ['hunk', null, null, '@@ -3,3 +3,3 @@ section'],
    ['same', 3, 3, 'same'],
    ['removed', 4, null, 'old'],
    ['added', null, 4, 'new'],
    ['same', 5, 5, 'same'],
    ['hunk', null, null, '@@ -40 +40 @@'],
    ['removed', 40, null, 'x'],
    ['added', null, 40, 'y'],
    ['same', null, null, '\\ No newline at end of file'],
  ]);
});
