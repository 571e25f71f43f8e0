import { parse } from 'yaml';
import type { Parameter } from '../contracts/run-record.ts';
import { parameterSchema } from '../contracts/run-record.ts';
import { flattenParameters } from './read-parameters.ts';
import type { Workspace } from './training-ports.ts';

/** Bytes of one metrics file, and numbers of one run. */
const largestFile = 1_048_576;
const mostNumbers = 200;

/**
 * The numbers in the metrics files of a run by dotted name, as far as they can be read: they are what the training program
 * says about itself and gate nothing. A name that a second file uses too is written `<file>:<name>` there.
 */
export async function collectMetrics(
  files: readonly string[],
  workspace: Pick<Workspace, 'readText'>,
): Promise<Record<string, number>> {
  const collected = new Map<string, number>();
  for (const file of files) {
    const text = await workspace.readText(file, largestFile);
    for (const [name, value] of text === null ? [] : numbersOf(text)) {
      if (collected.size >= mostNumbers) break;
      collected.set(collected.has(name) ? `${file}:${name}` : name, value);
    }
  }
  return Object.fromEntries(collected);
}

function numbersOf(text: string): [string, number][] {
  return flattenParameters('', readValue(text)).flatMap(([name, value]) =>
    name !== '' && typeof value === 'number' ? [[name.slice(0, 200), value]] : [],
  );
}

function readValue(text: string): Parameter {
  try {
    return parameterSchema.safeParse(parse(text, { maxAliasCount: 100 })).data ?? null;
  } catch {
    // Whatever it is, it is not metrics.
    return null;
  }
}
