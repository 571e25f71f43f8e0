import { DuckDBInstance } from '@duckdb/node-api';
import { quoteSql } from '../data/quote-sql.ts';

/** One input tensor of the Open Inference Protocol: a column of several flights. */
export type Tensor = {
  name: string;
  shape: [number, 1];
  datatype: 'BYTES' | 'INT64' | 'FP32';
  data: (string | number | null)[];
};

/** A table's columns and what they are sent as: whole numbers that name something, floats for the model, else text. */
export type FlightColumn = { name: string; datatype: Tensor['datatype'] };

const identifiers = ['flight_id'];

/**
 * Reads a traffic table a batch at a time, in its own order, as input tensors. Only the columns asked for that the table
 * has are read. Dates become ISO texts without a zone: they are local times.
 */
export async function* readFlights(
  table: string,
  request: { columns: readonly string[]; batch: number },
): AsyncGenerator<{ rows: number; first: number; inputs: Tensor[] }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const from = `FROM read_parquet(${quoteSql(table)})`;
    const description = await connection.runAndReadAll(`DESCRIBE SELECT * ${from}`);
    const columns = description
      .getRows()
      .map(([name, type]) => describeColumn(String(name), String(type)))
      .filter(({ name }) => request.columns.includes(name));
    const result = await connection.stream(
      `SELECT ${columns.map(({ sql }) => sql).join(', ')}, flight_id::DOUBLE ${from}`,
    );
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      for (let begin = 0; begin < chunk.rowCount; begin += request.batch) {
        const end = Math.min(begin + request.batch, chunk.rowCount);
        yield {
          rows: end - begin,
          first: Number(chunk.getColumnVector(columns.length).getItem(begin)),
          inputs: columns.map(({ name, datatype }, index) => {
            const vector = chunk.getColumnVector(index);
            const data = Array.from({ length: end - begin }, (_, row) => plain(vector.getItem(begin + row)));
            return { name, shape: [end - begin, 1], datatype, data };
          }),
        };
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function describeColumn(name: string, type: string): FlightColumn & { sql: string } {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  if (type === 'VARCHAR') return { name, datatype: 'BYTES', sql: quoted };
  if (type.startsWith('TIMESTAMP') || type === 'DATE')
    return { name, datatype: 'BYTES', sql: `strftime(${quoted}, '%Y-%m-%dT%H:%M:%S')` };
  // As doubles on the way, since JSON has no other number.
  const sql = `${quoted}::DOUBLE`;
  return { name, datatype: identifiers.includes(name) ? 'INT64' : 'FP32', sql };
}

function plain(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
