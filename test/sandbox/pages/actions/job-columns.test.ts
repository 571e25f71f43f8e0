import { expect, test } from 'vitest';
import { jobColumns } from '../../../../sandbox/pages/actions/job-columns.ts';
import { readNeeds } from '../../../../sandbox/pages/actions/read-needs.ts';
import { jobShape } from '../../../../sandbox/pages/github/shapes.ts';

const job = (id: number, name: string) => jobShape.parse({ id, run_id: 1, name, status: 'queued' });
const names = (columns: ReturnType<typeof jobColumns>) => columns.map((column) => column.map(({ name }) => name));

test('a job stands right of everything it needs, matrix jobs beside each other', () => {
  const file = readNeeds(`
jobs:
  publish: { needs: [judge, lint] }
  train: { strategy: { matrix: { seed: [1, 2] } } }
  judge: { name: Judge it, needs: train }
  lint: {}
`);
  const jobs = [job(1, 'train (1)'), job(2, 'train (2)'), job(3, 'Judge it'), job(4, 'lint')];
  const columns = jobColumns(jobs, file);
  expect(names(columns)).toEqual([['train (1)', 'train (2)', 'lint'], ['Judge it'], ['publish']]);
  // The run has not come to it yet.
  expect(columns[2]?.[0]?.job).toBeNull();
});

test('a job the file does not name, and needs in a circle, are still all shown', () => {
  const jobs = [job(1, 'a'), job(2, 'b')];
  expect(names(jobColumns(jobs, readNeeds('jobs: [')))).toEqual([['a', 'b']]);
  const circle = readNeeds('jobs: { a: { needs: b }, b: { needs: a } }');
  expect(names(jobColumns(jobs, circle)).flat().sort()).toEqual(['a', 'b']);
  expect(names(jobColumns([job(3, 'c')], readNeeds('jobs: { a: {} }'))).flat()).toEqual(['a', 'c']);
});
