import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchHoldout } from '../../actions/evaluate/fetch-data.ts';
import { fetchLabels } from '../../actions/monitor/fetch-labels.ts';
import { formatPointer } from '../../pipelines/data/format-pointer.ts';
import { describeError } from '../../pipelines/describe-error.ts';
import { integrityOf } from '../../pipelines/integrity.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hidden-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pointer = { kind: 'pointer', version: 1, integrity: integrityOf('rows'), size: 4 } as const;

async function fault(fetching: Promise<unknown>): Promise<unknown> {
  return fetching.then(
    () => expect.unreachable(),
    (thrown: unknown) => thrown,
  );
}

test.each([
  ['is not there', 'content-missing', (place: string) => place],
  ['cannot be walked', 'store-failed', (place: string) => place],
  ['is of an unknown kind', 'remote-unknown', (place: string) => `gopher://${place}`],
])('no message says where the store of the holdout lies when it %s', async (_, code, at) => {
  const secret = join(folder, 'a-secret-place');
  await mkdir(secret);
  await symlink('sha512', join(secret, 'sha512'));
  const remote = at(code === 'content-missing' ? `${secret}-nowhere` : secret);
  await writeFile(join(folder, 'h.parquet.pointer.yml'), formatPointer(pointer));
  const faults = await Promise.all([
    fault(fetchHoldout('h.parquet', new Map([['h.parquet', pointer]]), { remote, folder })),
    fault(fetchLabels({ data: 'h.parquet', remote }, { directory: folder, temporary: join(folder, 'temporary') })),
  ]);
  for (const thrown of faults) {
    expect(thrown).toMatchObject({ code });
    expect(describeError(thrown)).not.toContain('a-secret-place');
  }
});
