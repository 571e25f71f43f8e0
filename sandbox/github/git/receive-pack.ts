import type { Readable } from 'node:stream';

/** One line of a push; null stands for "does not exist". */
export type RefCommand = { ref: string; before: string | null; after: string | null };

const ZERO = /^0+$/;

/** Reads the ref commands at the head of a push and leaves the pack that follows them unread. */
export async function readRefCommands(
  input: Readable,
): Promise<{ commands: RefCommand[]; capabilities: string; buffered: Buffer; rest: Readable }> {
  let buffered: Buffer = Buffer.alloc(0);
  const parsed = await new Promise<{ lines: Buffer[] } | null>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      buffered = Buffer.concat([buffered, chunk]);
      const lines = readPacketLines(buffered);
      if (lines !== null) settle(() => resolve({ lines }));
    };
    const onEnd = (): void => settle(() => resolve(null));
    const onError = (error: Error): void => settle(() => reject(error));
    const settle = (finish: () => void): void => {
      input.pause();
      input.off('data', onData).off('end', onEnd).off('error', onError);
      finish();
    };
    input.on('data', onData).on('end', onEnd).on('error', onError);
  });
  const [first = '', ...others] = (parsed?.lines ?? []).map((line) => line.toString().replace(/\n$/, ''));
  const [command = '', capabilities = ''] = first.split('\0');
  const commands = [command, ...others].filter((line) => /^[0-9a-f]{40} /.test(line)).map(parseCommand);
  return { commands, capabilities, buffered, rest: input };
}

function parseCommand(line: string): RefCommand {
  const [before = '', after = ''] = line.split(' ');
  return {
    ref: line.slice(82),
    before: ZERO.test(before) ? null : before,
    after: ZERO.test(after) ? null : after,
  };
}

/** The packet lines up to the first flush packet; null while it has not arrived. */
function readPacketLines(buffer: Buffer): Buffer[] | null {
  const lines: Buffer[] = [];
  let at = 0;
  while (at + 4 <= buffer.length) {
    const length = Number.parseInt(buffer.subarray(at, at + 4).toString(), 16);
    if (!(length >= 4)) return lines;
    if (at + length > buffer.length) return null;
    lines.push(buffer.subarray(at + 4, at + length));
    at += length;
  }
  return null;
}

/** The answer to a push that was refused: every ref is reported, none has moved. */
export function rejectPush(
  commands: readonly RefCommand[],
  refusals: ReadonlyMap<string, string>,
  capabilities: string,
): Buffer {
  const report = Buffer.concat([
    packet('unpack ok\n'),
    ...commands.map(({ ref }) =>
      packet(`ng ${ref} ${refusals.has(ref) ? 'pre-receive hook declined' : 'atomic push failed'}\n`),
    ),
    Buffer.from('0000'),
  ]);
  if (!capabilities.includes('side-band-64k')) return report;
  const told = [...refusals.values()].map((reason) => packet(`\x02error: ${reason}\n`));
  return Buffer.concat([...told, packet(Buffer.concat([Buffer.from([1]), report])), Buffer.from('0000')]);
}

function packet(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}
