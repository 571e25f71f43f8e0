import { describe, expect, test } from 'vitest';
import type { CheckRow } from '../../../../sandbox/pages/checks/gather-checks.ts';
import { renderMergeBox } from '../../../../sandbox/pages/checks/render-merge-box.ts';
import { pullShape } from '../../../../sandbox/pages/github/shapes.ts';
import { htmlText } from '../../../../sandbox/pages/html/html.ts';

const now = new Date('2026-11-21T10:00:00Z');
const open = pullShape.parse({
  number: 1,
  title: 'T',
  state: 'open',
  created_at: '2026-11-21T09:00:00Z',
  mergeable_state: 'clean',
  head: { ref: 'a', sha: 'b' },
  base: { ref: 'main', sha: 'c' },
});
const row = (conclusion: string | null, fields: Partial<CheckRow> = {}): CheckRow => ({
  name: 'gate',
  by: null,
  status: conclusion === null ? 'in_progress' : 'completed',
  conclusion,
  note: null,
  link: null,
  startedAt: null,
  completedAt: null,
  required: false,
  ...fields,
});
const titles = (...parameters: [typeof open, CheckRow[]]) =>
  [...htmlText(renderMergeBox(...parameters, now)).matchAll(/<h3[^>]*>(.*?)<\/h3>/g)].map((match) => match[1]);

describe('the box below a conversation', () => {
  test.for([
    [[row('success')], ['All checks have passed', 'No conflicts with base branch']],
    [
      [row('success'), row(null)],
      ['Some checks haven’t completed yet', 'No conflicts with base branch'],
    ],
    [[row('failure')], ['Some checks were not successful', 'No conflicts with base branch']],
    [[row('failure', { required: true })], ['Some checks were not successful', 'Merging is blocked']],
    [[row(null, { required: true, status: 'expected' })], ['Some checks haven’t completed yet', 'Merging is blocked']],
    [[row('neutral', { required: true })], ['All checks have passed', 'No conflicts with base branch']],
    [[], ['No conflicts with base branch']],
  ] as const)('case %#', ([checks, expected]) => {
    expect(titles(open, [...checks])).toEqual(expected);
  });

  test('says what GitHub says about conflicts and rules', () => {
    expect(titles({ ...open, mergeable_state: 'dirty' }, [])).toEqual([
      'This branch has conflicts that must be resolved',
    ]);
    expect(titles({ ...open, mergeable_state: 'blocked' }, [])).toEqual(['Merging is blocked']);
    expect(titles({ ...open, draft: true }, [])).toEqual(['This pull request is still a work in progress']);
  });

  test('says nothing about merging once the pull request has ended', () => {
    expect(titles({ ...open, state: 'closed', merged_at: '2026-11-21T09:30:00Z' }, [row('success')])).toEqual([
      'All checks have passed',
    ]);
  });
});
