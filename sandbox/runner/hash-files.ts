import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';

/** `hashFiles(...)`: SHA-256 over the SHA-256 of each matching file of the workspace; empty when none matches. */
export function hashFiles(workspace: string, patterns: readonly string[]): string {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  for (const pattern of patterns)
    if (pattern.split('/').includes('..') || pattern.startsWith('/'))
      throw new PulltrainError('hash-files', { what: 'hashFiles looks inside the workspace only', seen: pattern });
  const files = globSync(wanted, { cwd: workspace, exclude: unwanted })
    .map((file) => resolve(workspace, file))
    .filter((file) => statSync(file).isFile())
    .toSorted();
  if (files.length === 0) return '';
  const total = createHash('sha256');
  for (const file of files) total.update(createHash('sha256').update(readFileSync(file)).digest());
  return total.digest('hex');
}
