import { expect, it } from 'vitest';
import { createTimeline } from '../../../sandbox/story/timeline.ts';

function open() {
  let now = 0;
  let text = '';
  const output = { write: (part: string) => (text += part) };
  const timeline = createTimeline(output, () => (now += 1));
  return { timeline, text: () => text };
}

it('prints a line a step with its seconds, note and link, and keeps them', async () => {
  const { timeline, text } = open();
  await timeline.chapter(3, 'A worse one', async () => {
    await timeline.step(
      'The bot completes the check',
      async () => 'failure',
      (note) => ({ note, url: 'http://127.0.0.1/pull/3', outcome: 'bad' }),
    );
    timeline.facts([
      { fact: 'the check is red', holds: true, seen: 'failure' },
      { fact: 'no release came of it', holds: false, seen: '3 releases' },
    ]);
  });
  expect(text().split('\n')).toEqual([
    '',
    '3. A worse one',
    '  ✓    1.0 s  The bot completes the check: failure  http://127.0.0.1/pull/3',
    '    = the check is red',
    '    ≠ no release came of it: 3 releases',
    '',
  ]);
  expect(timeline.chapters[0]).toMatchObject({
    running: null,
    steps: [{ title: 'The bot completes the check', note: 'failure', outcome: 'bad' }],
  });
});

it('says which step is under way, and which one it was when it broke', async () => {
  const { timeline, text } = open();
  const seen: (string | null | undefined)[] = [];
  const playing = timeline.chapter(1, 'First model', () =>
    timeline.step('The GPU runner trains it', async () => {
      seen.push(timeline.chapters[0]?.running);
      throw new Error('out of memory');
    }),
  );
  await expect(playing).rejects.toThrow('out of memory');
  expect(seen).toEqual(['The GPU runner trains it']);
  expect(timeline.chapters[0]).toMatchObject({ running: 'The GPU runner trains it', steps: [] });
  expect(text()).toContain('  ✗ ');
});
