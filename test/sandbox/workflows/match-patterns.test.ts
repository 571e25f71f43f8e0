import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPatterns } from '../../../sandbox/workflows/triggers/match-patterns.ts';

describe('a filter pattern', () => {
  // The examples of GitHub's own "filter pattern cheat sheet".
  it.each([
    ['feature/*', 'feature/my-branch', true],
    ['feature/*', 'feature/beta-a/my-branch', false],
    ['feature/**', 'feature/beta-a/my-branch', true],
    ['main', 'main', true],
    ['main', 'main2', false],
    ['*', 'releases/v1', false],
    ['**', 'all/the/branches', true],
    ['*feature', 'mona-feature', true],
    ['v2*', 'v2.9', true],
    ['v[12].[0-9]+.[0-9]+', 'v1.10.1', true],
    ['v[12].[0-9]+.[0-9]+', 'v3.10.1', false],
    ['*.jsx?', 'page.js', true],
    ['*.jsx?', 'page.jsx', true],
    ['**.js', 'src/js/app.js', true],
    ['*.js', 'src/app.js', false],
    ['docs/**', 'docs/mona/octocat.txt', true],
    ['docs/**/*.md', 'docs/hello.md', true],
    ['docs/**/*.md', 'docs/a/markdown/file.md', true],
    ['**/docs/**', 'dir/docs/my-file.txt', true],
    ['**/README.md', 'README.md', true],
    ['**/*src/**', 'a/src/app.js', true],
    ['**/migrate-*.sql', 'db/sept/migrate-v1.sql', true],
    ['refs/pull/*/merge', 'refs/pull/12/merge', true],
  ])('%s on %s is %s', (pattern, value, expected) => {
    expect(matchesPatterns([pattern], value)).toBe(expected);
  });

  it('is taken back by a later one with an exclamation mark, and given again', () => {
    const patterns = ['releases/**', '!releases/**-alpha', 'releases/v9-alpha'];
    expect(
      ['releases/v1', 'releases/v1-alpha', 'releases/v9-alpha'].map((one) => matchesPatterns(patterns, one)),
    ).toEqual([true, false, true]);
  });

  it('never fails, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, value) => {
        expect(typeof matchesPatterns([pattern], value)).toBe('boolean');
      }),
    );
  });
});
