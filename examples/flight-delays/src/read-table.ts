import { access } from 'node:fs/promises';
import { DuckDBInstance, type DuckDBVector } from '@duckdb/node-api';

/** Rows to learn from, column by column, in flight order. */
export type Table = {
  features: readonly string[];
  /** One array for each feature. A missing value is NaN. */
  columns: readonly Float32Array[];
  /** 1 = late. */
  labels: Uint8Array;
  /** How many rows at the end fall into the validation days. */
  validationRows: number;
};

/** Days are `YYYY-MM-DD`, both inclusive; the last `validationDays` of them only measure. */
export type TableRequest = {
  table: string;
  features: readonly string[];
  from: string;
  to: string;
  validationDays: number;
};

/** Reads one window of a Parquet file. */
export async function readTable({ table, features, from, to, validationDays }: TableRequest): Promise<Table> {
  await access(table);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    // Everything is a float, because that is what the exported model takes: training must see the very same values.
    const result = await connection.stream(
      `SELECT ${features.map((name) => `${identifier(name)}::FLOAT`).join(', ')}, late::FLOAT,
              (date >= $2::DATE + 1 - $3::INTEGER)::FLOAT
       FROM read_parquet('${table.replaceAll("'", "''")}')
       WHERE date >= $1::DATE AND date < $2::DATE + 1
       ORDER BY date, flight_id`,
      [from, to, validationDays],
    );
    const columns = [...features, 'late', 'validation'].map(() => newColumn());
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      columns.forEach((column, index) => {
        column.append(chunk.getColumnVector(index));
      });

    const [labels, validation] = columns.slice(features.length).map((column) => column.values());
    if (labels === undefined || validation === undefined || labels.length === 0)
      throw new Error(`${table} has no flights from ${from} to ${to}; look at data and train in params.yaml`);
    return {
      features,
      columns: columns.slice(0, features.length).map((column) => column.values()),
      labels: Uint8Array.from(labels),
      validationRows: validation.reduce((sum, isValidation) => sum + isValidation, 0),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A float column that grows as chunks arrive. */
function newColumn() {
  let items = new Float32Array(1 << 16);
  let length = 0;
  return {
    append(vector: DuckDBVector): void {
      if (length + vector.itemCount > items.length) {
        const larger = new Float32Array(items.length * 2);
        larger.set(items);
        items = larger;
      }
      for (let index = 0; index < vector.itemCount; index++)
        items[length++] = Number(vector.getItem(index) ?? Number.NaN);
    },
    values: () => items.slice(0, length),
  };
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
