import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { legacyMd5OfFile } from '../../../adapters/dvc/digest-file.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

/** Digests that dvc-data, the library under DVC 3.67.1, gives as `md5-dos2unix`. */
it.each([
  ['a text of more than one block', `x${'abc\r\n'.repeat(300_000)}`, '1dcab86f70d0bcfd19249bc37ad3b18d'],
  ['mostly strange bytes', `${'\xc8'.repeat(400)}${'\r\n'.repeat(200)}`, '0962b3ee2acf8738b733546fe5296e44'],
  ['CRLF across two blocks', `${'x'.repeat(2 ** 20 - 1)}\r\n${'y\r\n'.repeat(10)}`, 'bc1c0fcaf93ada2505d382922c56a829'],
  ['a zero byte early', `${'a\r\n'.repeat(100)}\0${'\r\n'.repeat(400)}`, '12a41950dcfb8f58104725e1a731ae87'],
  ['nothing', '', 'd41d8cd98f00b204e9800998ecf8427e'],
])('digests %s as DVC did before 3.0', async (_, text, digest) => {
  using folder = temporaryDirectory();
  const file = join(folder.path, 'file');
  writeFileSync(file, Buffer.from(text, 'latin1'));
  expect(await legacyMd5OfFile(file)).toBe(digest);
});
