import { parse } from 'yaml';
import { z } from 'zod';

const listed = z.union([z.string().transform((name) => [name]), z.array(z.string())]);
const fileShape = z.object({
  jobs: z.record(z.string(), z.object({ name: z.string().optional(), needs: listed.optional() })),
});

/** A job of a workflow file: its key, the name it shows, and the keys it waits for. */
export type FileJob = { key: string; name: string; needs: string[] };

/** The jobs of a workflow file with their `needs`, which REST does not tell; empty when the file cannot be read. */
export function readNeeds(text: string): FileJob[] {
  try {
    const jobs = fileShape.safeParse(parse(text)).data?.jobs ?? {};
    return Object.entries(jobs).map(([key, job]) => ({ key, name: job.name ?? key, needs: job.needs ?? [] }));
  } catch {
    return [];
  }
}
