import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { JobMessage } from '../workflows/model/wire.ts';
import type { Folders } from './job-run.ts';

/** Fresh, empty folders for a job below the runner's work folder, and the event's payload as a file. */
export async function prepareFolders(work: string, message: JobMessage): Promise<Folders> {
  const name = basename(String(message.contexts.github.repository ?? 'repository'));
  const folders: Folders = {
    root: work,
    work: join(work, name),
    workspace: join(work, name, name),
    temp: join(work, '_temp'),
    home: join(work, '_home'),
    tools: join(work, '_tool'),
  };
  await Promise.all(
    [folders.work, folders.temp, folders.home].map((path) => rm(path, { recursive: true, force: true })),
  );
  await Promise.all(
    [folders.workspace, folders.home, folders.tools, join(folders.temp, '_github_workflow')].map((path) =>
      mkdir(path, { recursive: true }),
    ),
  );
  const event = JSON.stringify(message.contexts.github.event ?? {}, null, 2);
  await writeFile(join(folders.temp, '_github_workflow', 'event.json'), event);
  return folders;
}
