import { Tensor } from 'onnxruntime-node';
import type { Latency } from '../../pipelines/ports/scorer.ts';

/** Milliseconds that calls of one size are made for, and how many at most; before them a tenth of both to warm up. */
const budget = 80;
const most = 200;
/** Timed however long they take. */
const least = 5;

type Feeds = Record<string, Tensor>;
type Run = (feeds: Feeds) => Promise<unknown>;

/**
 * Times calls with so many rows each, taken in turn from the rows of `feeds`; sizes that there are too few rows for are
 * left out. A percentile is the value that so many of the calls stay at or below.
 */
export async function timeCalls(feeds: Feeds, rows: number, sizes: readonly number[], run: Run): Promise<Latency[]> {
  const latencies: Latency[] = [];
  for (const size of sizes) {
    if (size > rows) continue;
    const next = takeInTurn(feeds, rows, size);
    await call(next, run, { budget: budget / 10, most: most / 10, least: 1 });
    latencies.push(summarize(size, await call(next, run, { budget, most, least })));
  }
  return latencies;
}

type Effort = { budget: number; most: number; least: number };

/** Milliseconds of every call, without making its tensors. */
async function call(next: () => Feeds, run: Run, { budget, most, least }: Effort): Promise<number[]> {
  const times: number[] = [];
  let spent = 0;
  while (times.length < most && (spent < budget || times.length < least)) {
    const feeds = next();
    const started = performance.now();
    await run(feeds);
    const took = performance.now() - started;
    times.push(took);
    spent += took;
  }
  return times;
}

function takeInTurn(feeds: Feeds, rows: number, size: number): () => Feeds {
  const blocks = Math.floor(rows / size);
  let block = 0;
  return () => {
    const start = block * size;
    block = (block + 1) % blocks;
    return Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [name, takeRows(tensor, start, start + size)]),
    );
  };
}

function takeRows({ type, data, dims, size }: Tensor, from: number, to: number): Tensor {
  const width = size / (dims[0] ?? 1);
  return new Tensor(type, data.slice(from * width, to * width), [to - from, ...dims.slice(1)]);
}

function summarize(rows: number, times: readonly number[]): Latency {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { rows, calls: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}
