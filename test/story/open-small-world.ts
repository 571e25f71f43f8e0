import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareTables, type TableDays } from '../../sandbox/story/prepare-tables.ts';
import { startWorld, type World, type WorldOptions } from '../../sandbox/story/start-world.ts';
import { createTimeline } from '../../sandbox/story/timeline.ts';
import { buildActions } from '../../scripts/build-actions.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Few days of everything: enough to tell a model from a coin, seconds to train. */
const fewDays: TableDays = {
  march: { from: '2001-03-12', to: '2001-03-31' },
  may: { from: '2001-05-12', to: '2001-05-31' },
  april: { from: '2001-04-01', to: '2001-04-02' },
  june: { from: '2001-06-01', to: '2001-06-02' },
};

/**
 * The story's world with little data, inside this checkout because its training programs use its packages. Every REST
 * exchange is held against GitHub's OpenAPI description; closing throws when one did not fit.
 */
export async function openSmallWorld({
  requestLog,
}: Pick<WorldOptions, 'requestLog'> = {}): Promise<World & AsyncDisposable> {
  const places = join(root, '.pulltrain/test');
  await mkdir(places, { recursive: true });
  const directory = await mkdtemp(join(places, 'world-'));
  await buildActions();
  const { tables } = await prepareTables(join(directory, 'tables'), fewDays);
  const timeline = createTimeline({ write: () => true }, () => performance.now() / 1000);
  void timeline.chapter(0, 'test', async () => {});
  const world = await startWorld({
    root,
    directory,
    port: 0,
    tables,
    timeline,
    signal: new AbortController().signal,
    checkOpenApi: true,
    ...(requestLog === undefined ? {} : { requestLog }),
    links: () => [],
  });
  return {
    ...world,
    async [Symbol.asyncDispose]() {
      await world.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
