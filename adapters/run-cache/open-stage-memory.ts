import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { stageRunSchema } from '../../pipelines/contracts/stage-run.ts';
import type { StageMemory } from '../../pipelines/training/pipeline-ports.ts';
import { writeFileAtomically } from '../workspace/write-file-atomically.ts';

const lineSchema = z.strictObject({ stage: z.string(), run: stageRunSchema.nullable() });
type Line = z.infer<typeof lineSchema>;

/**
 * What the outputs in this checkout are, in a journal of JSON lines (`.pulltrain/stages.jsonl`): the last line about a
 * stage counts, and a line that a crash cut short does not. Rewritten when most of it is history.
 */
export async function openStageMemory(file: string): Promise<StageMemory> {
  const runs = new Map<string, Line['run']>();
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  for (const line of lines) {
    const parsed = parseLine(line);
    if (parsed !== null) runs.set(parsed.stage, parsed.run);
  }
  await mkdir(dirname(file), { recursive: true });
  if (lines.length > 100 && lines.length > 3 * runs.size) {
    await writeFileAtomically(file, [...runs].map(([stage, run]) => formatLine({ stage, run })).join(''));
  } else if (text !== '' && !text.endsWith('\n')) await append(file, '\n');

  async function write(line: Line): Promise<void> {
    runs.set(line.stage, line.run);
    await append(file, formatLine(line));
  }

  return {
    recall: (stage) => runs.get(stage) ?? null,
    remember: (run) => write({ stage: run.stage, run }),
    async forget(stage) {
      if ((runs.get(stage) ?? null) !== null) await write({ stage, run: null });
    },
  };
}

function parseLine(line: string): Line | null {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function formatLine(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

/** One write per line, so that two processes do not mix theirs, and on the disk when it returns. */
async function append(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a');
  try {
    await handle.write(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
