import { type DuckDBDataChunk, type DuckDBResult, DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api';
import type { StreamedColumn } from '../../pipelines/ports/tables.ts';

type Batch = Record<string, StreamedColumn>;

/** A result in batches of `rows`, the last one smaller; the engine runs only as far ahead as one of its vectors. */
export async function* readBatches(result: DuckDBResult, rows: number): AsyncGenerator<Batch> {
  const names = result.columnNames();
  const types = result.columnTypes().map(({ typeId }) => typeId);
  let chunks: DuckDBDataChunk[] = [];
  let held = 0;
  /** Rows of the first chunk that went into a batch already. */
  let used = 0;
  const take = (count: number): Batch => {
    const batch: Batch = {};
    names.forEach((name, index) => {
      batch[name] = readColumn(chunks, index, types[index], used, count);
    });
    let left = count + used;
    while (chunks[0] !== undefined && left >= chunks[0].rowCount) left -= chunks.shift()?.rowCount ?? 0;
    used = left;
    held -= count;
    return batch;
  };
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    chunks.push(chunk);
    held += chunk.rowCount;
    while (held >= rows) yield take(rows);
  }
  if (held > 0) yield take(held);
  chunks = [];
}

function readColumn(
  chunks: readonly DuckDBDataChunk[],
  index: number,
  type: DuckDBTypeId | undefined,
  skip: number,
  count: number,
): StreamedColumn {
  const places = placesOf(chunks, index, skip, count);
  switch (type) {
    case DuckDBTypeId.FLOAT:
      return fillNumbers(new Float32Array(count), places, Number.NaN);
    case DuckDBTypeId.DOUBLE:
      return fillNumbers(new Float64Array(count), places, Number.NaN);
    case DuckDBTypeId.INTEGER:
      return fillNumbers(new Int32Array(count), places, 0);
    case DuckDBTypeId.UTINYINT:
      return fillNumbers(new Uint8Array(count), places, 0);
    case DuckDBTypeId.BIGINT:
      return fillBigInts(new BigInt64Array(count), places);
    default:
      return readTexts(places);
  }
}

/** A stretch of a vector and where it goes. */
type Place = { vector: DuckDBVector; from: number; to: number; at: number };

function placesOf(chunks: readonly DuckDBDataChunk[], index: number, skip: number, count: number): Place[] {
  const places: Place[] = [];
  let from = skip;
  let at = 0;
  for (const chunk of chunks) {
    if (at === count) break;
    const to = Math.min(chunk.rowCount, from + count - at);
    places.push({ vector: chunk.getColumnVector(index), from, to, at });
    at += to - from;
    from = 0;
  }
  return places;
}

function fillNumbers<Values extends Float32Array | Float64Array | Int32Array | Uint8Array>(
  values: Values,
  places: readonly Place[],
  missing: number,
): Values {
  for (const { vector, from, to, at } of places) {
    for (let row = from; row < to; row += 1) {
      const value = vector.getItem(row);
      values[at + row - from] = typeof value === 'number' ? value : missing;
    }
  }
  return values;
}

function fillBigInts(values: BigInt64Array, places: readonly Place[]): BigInt64Array {
  for (const { vector, from, to, at } of places) {
    for (let row = from; row < to; row += 1) {
      const value = vector.getItem(row);
      values[at + row - from] = typeof value === 'bigint' ? value : 0n;
    }
  }
  return values;
}

function readTexts(places: readonly Place[]): string[] {
  const texts: string[] = [];
  for (const { vector, from, to } of places) {
    for (let row = from; row < to; row += 1) texts.push(String(vector.getItem(row) ?? ''));
  }
  return texts;
}
