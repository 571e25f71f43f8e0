import { expect, test } from 'vitest';
import { explainWaiting } from '../../../../sandbox/pages/actions/explain-waiting.ts';
import { jobShape, runnerShape } from '../../../../sandbox/pages/github/shapes.ts';
import { htmlText } from '../../../../sandbox/pages/html/html.ts';

const queued = jobShape.parse({ id: 1, run_id: 1, name: 'train', status: 'queued', labels: ['self-hosted', 'GPU'] });
const runner = (labels: string[], fields = {}) =>
  runnerShape.parse({ name: 'one', status: 'online', labels: labels.map((name) => ({ name })), ...fields });

test.for([
  ['nobody has the labels', [runner(['self-hosted'])], 'No runner has these labels'],
  [
    'the one that has them is busy',
    [runner(['gpu', 'self-hosted'], { busy: true })],
    'Every runner with these labels is busy',
  ],
  ['the one that has them is away', [runner(['gpu', 'self-hosted'], { status: 'offline' })], 'are offline'],
  ['one is free', [runner(['gpu', 'self-hosted'])], 'Waiting for a runner to pick up this job'],
] as const)('when %s, the page says so and names the labels', ([, runners, expected]) => {
  const reason = explainWaiting(queued, runners);
  const text = reason === null ? '' : htmlText(reason);
  expect(text).toContain(expected);
  expect(text).toContain('GPU');
});

test('a job that runs waits for nothing; one that needs others waits for them', () => {
  expect(explainWaiting({ ...queued, status: 'in_progress' }, [])).toBeNull();
  const waiting = explainWaiting({ ...queued, status: 'waiting' }, []);
  expect(waiting === null ? '' : htmlText(waiting)).toContain('earlier jobs');
});
