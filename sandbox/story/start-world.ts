import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { PulltrainError } from '../../pipelines/errors.ts';
import { baseFiles } from './changes/base-files.ts';
import { openPerson } from './open-person.ts';
import { readExample } from './read-example.ts';
import { setUpRepository } from './set-up-repository.ts';
import { type PlatformOptions, type StoryPlatform, startPlatform } from './start-platform.ts';
import { type StoryProcesses, startProcesses } from './start-processes.ts';
import { owner, repo, type Story, type StoryTables } from './story.ts';
import type { Timeline } from './timeline.ts';
import { replayFlights } from './traffic/replay-flights.ts';

const run = promisify(execFile);

export type WorldOptions = Omit<PlatformOptions, 'webhookSecret'> & {
  /** This checkout. */
  root: string;
  tables: StoryTables;
  timeline: Timeline;
  signal: AbortSignal;
};

export type World = { story: Story; platform: StoryPlatform; processes: StoryProcesses; close(): Promise<void> };

/** Starts everything that would be there before the first pull request: GitHub, runners, bot, servers, a repository. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { root, directory, tables, timeline, signal } = options;
  const webhookSecret = randomBytes(32).toString('hex');
  const platform = await startPlatform({ ...options, webhookSecret });
  const opened: { close(): Promise<void> }[] = [platform];
  // In the order of need: what calls others ends before what is called.
  const close = async () => {
    for (const one of opened.toReversed()) await one.close();
  };
  try {
    const processes = await startProcesses({ root, directory, platform, webhookSecret });
    opened.push(processes);
    signal.throwIfAborted();
    const person = (login: 'maya' | 'dana', name: string) =>
      openPerson({
        login,
        name,
        token: platform.tokens[login],
        url: platform.github.url,
        repository: `${owner}/${repo}`,
        directory: join(directory, 'clones', login),
      });
    const maya = person('maya', 'Maya Okafor');
    const dana = person('dana', 'Dana Lindqvist');
    const stores = { training: join(directory, 'stores/training'), holdout: join(directory, 'stores/holdout') };
    const example = await readExample(root);
    const story: Story = {
      url: platform.github.url,
      timeline,
      maya,
      dana,
      servers: {
        staging: processes.servers.staging.url,
        production: processes.servers.production.url,
        token: processes.serverToken,
      },
      tables,
      example,
      addData: (clone, { path, table, store }) => addData({ root, clone, path, table, remote: stores[store] }),
      fireSchedule: async (workflow) => {
        await platform.workflows.fireSchedule({ owner, name: repo }, `.github/workflows/${workflow}`);
      },
      replay: (table, { once }) => replayFlights({ server: processes.servers.production.url, table, once }),
      signal,
    };
    await setUpRepository({
      platform,
      processes,
      dana,
      stores,
      edits: baseFiles(example),
      work: (clone) =>
        story.addData(clone, { path: 'data/holdout.parquet', table: tables.aprilHoldout, store: 'holdout' }),
    });
    return { story, platform, processes, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

type DataAddition = { root: string; clone: string; path: string; table: string; remote: string };

/** Puts a table where its owner would have it and runs the command its owner would run. */
async function addData({ root, clone, path, table, remote }: DataAddition): Promise<void> {
  const file = join(clone, path);
  await mkdir(dirname(file), { recursive: true });
  await mkdir(remote, { recursive: true });
  await copyFile(table, file);
  const args = ['data', 'add', path, '--remote', pathToFileURL(remote).href, '--time', 'date'];
  const origin = [
    '--source',
    'vega-datasets flights-3m',
    '--licence',
    'public domain (US Bureau of Transportation Statistics)',
  ];
  try {
    await run(process.execPath, [join(root, 'cli/main.mjs'), ...args, ...origin], { cwd: clone });
  } catch (cause) {
    throw new PulltrainError('story-broken', { what: `pulltrain ${args.join(' ')} failed`, where: clone, cause });
  }
}
