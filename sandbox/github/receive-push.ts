import type { ServerResponse } from 'node:http';
import { type MovedRef, recordRefChanges } from './events/record-ref-changes.ts';
import { type BackendRequest, collectBackend, readBody, startBackend, writeCgiHead } from './git/http-backend.ts';
import { type RefCommand, readRefCommands, rejectPush } from './git/receive-pack.ts';
import type { Actor } from './kernel.ts';
import type { Platform } from './platform.ts';
import type { Repository } from './records.ts';
import { type Held, refuseRefChange } from './refuse-ref-change.ts';

/**
 * A push. Its ref commands are judged before git sees a byte, and again when its commits are there; what was refused
 * then is put back. What has moved is told before the client hears that it has.
 */
export async function receivePush(
  platform: Platform,
  repository: Repository,
  { actor, ...held }: Held & { actor: Actor | null },
  request: BackendRequest,
  response: ServerResponse,
): Promise<void> {
  const { commands, capabilities, buffered, rest } = await readRefCommands(readBody(request.request));
  const refuse = (refusals: ReadonlyMap<string, string>): void => {
    response.writeHead(200, { 'content-type': 'application/x-git-receive-pack-result', 'cache-control': 'no-cache' });
    response.end(rejectPush(commands, refusals, capabilities));
  };
  const early = await judge(repository, held, commands);
  if (early.size > 0) {
    rest.resume();
    return refuse(early);
  }
  await repository.git.exclusive(async () => {
    const answer = await collectBackend(startBackend(repository.git.directory, request), buffered, rest);
    const moved = await movedRefs(repository, commands);
    const late = await judge(repository, held, moved);
    if (late.size > 0) {
      await repository.git.updateRefs(moved.map(({ ref, before, after }) => ({ ref, to: before, from: after })));
      return refuse(late);
    }
    if (actor !== null && moved.length > 0) await recordRefChanges(platform, repository, actor, moved);
    const end = answer.indexOf('\r\n\r\n');
    writeCgiHead(response, answer.subarray(0, end).toString());
    response.end(answer.subarray(end + 4));
  });
}

async function judge(
  repository: Repository,
  held: Held,
  commands: readonly RefCommand[],
): Promise<Map<string, string>> {
  const refusals = new Map<string, string>();
  for (const command of commands) {
    const reason = await refuseRefChange(repository, held, command);
    if (reason !== null) refusals.set(command.ref, reason);
  }
  return refusals;
}

async function movedRefs(repository: Repository, commands: readonly RefCommand[]): Promise<MovedRef[]> {
  const moved: MovedRef[] = [];
  for (const { ref, before, after } of commands) {
    const now = await repository.git.info(ref);
    if ((now?.oid ?? null) === after) moved.push({ ref, before, after });
  }
  return moved;
}
