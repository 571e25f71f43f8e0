import type { Cell } from '../ports/tables.ts';
import { metricsOf } from './compare-runs.ts';
import type { KnownRun } from './known-run.ts';

/** A table for SQL: columns with their types in DuckDB's words, and rows. */
export type RunTable = {
  name: string;
  columns: Record<string, 'VARCHAR' | 'DOUBLE' | 'BIGINT' | 'BOOLEAN' | 'TIMESTAMP'>;
  rows: Cell[][];
};

/** What `pulltrain runs query` sees: `runs`, `params`, `metrics` and `stages`, joined by `run`. */
export function runTables(runs: readonly KnownRun[]): RunTable[] {
  return [
    {
      name: 'runs',
      columns: {
        run: 'VARCHAR',
        origin: 'VARCHAR',
        model: 'VARCHAR',
        status: 'VARCHAR',
        failure: 'VARCHAR',
        verdict: 'VARCHAR',
        pull: 'BIGINT',
        commit: 'VARCHAR',
        clean: 'BOOLEAN',
        key: 'VARCHAR',
        started_at: 'TIMESTAMP',
        finished_at: 'TIMESTAMP',
        seconds: 'DOUBLE',
        gpu: 'VARCHAR',
      },
      rows: runs.map(({ id, origin, record, verdict, pull }) => [
        id,
        origin,
        record.model,
        record.status,
        record.failure?.message ?? null,
        verdict,
        pull,
        record.code?.sha ?? null,
        record.code?.clean ?? null,
        record.key,
        record.startedAt,
        record.finishedAt,
        (Date.parse(record.finishedAt) - Date.parse(record.startedAt)) / 1000,
        record.environment.gpu,
      ]),
    },
    {
      name: 'params',
      columns: { run: 'VARCHAR', name: 'VARCHAR', value: 'VARCHAR', number: 'DOUBLE' },
      rows: runs.flatMap(({ id, record }) =>
        Object.entries(record.parameters).map(([name, value]) => [
          id,
          name,
          typeof value === 'string' ? value : JSON.stringify(value),
          typeof value === 'number' ? value : null,
        ]),
      ),
    },
    {
      name: 'metrics',
      columns: { run: 'VARCHAR', name: 'VARCHAR', value: 'DOUBLE', verified: 'BOOLEAN' },
      rows: runs.flatMap((run) =>
        Object.entries(metricsOf(run)).map(([name, value]) => {
          const verified = name.startsWith('verified ');
          return [run.id, verified ? name.slice('verified '.length) : name, value, verified];
        }),
      ),
    },
    {
      name: 'stages',
      columns: {
        run: 'VARCHAR',
        stage: 'VARCHAR',
        status: 'VARCHAR',
        seconds: 'DOUBLE',
        peak_memory_bytes: 'BIGINT',
        exit_code: 'BIGINT',
        attempt: 'BIGINT',
        key: 'VARCHAR',
        reason: 'VARCHAR',
      },
      rows: runs.flatMap(({ id, record }) =>
        record.stages.map((stage) => [
          id,
          stage.name,
          stage.status,
          stage.seconds,
          stage.peakMemoryBytes ?? null,
          stage.exitCode,
          stage.attempt ?? null,
          stage.contentKey ?? stage.key,
          stage.reason ?? null,
        ]),
      ),
    },
  ];
}
