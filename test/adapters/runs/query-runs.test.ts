import { describe, expect, it } from 'vitest';
import { queryRuns } from '../../../adapters/runs/query-runs.ts';
import type { KnownRun } from '../../../pipelines/runs/known-run.ts';
import { runRecord } from '../../fixtures/run-record.ts';

const runs: KnownRun[] = [
  { id: "it's", origin: 'local', record: runRecord(), pull: null, verdict: null, verified: { roc_auc: 0.75 } },
];

describe('SQL over runs', () => {
  it('joins runs, parameters, metrics and stages', async () => {
    const sql = `SELECT run, p.number AS lr, m.name, m.value, m.verified, s.stage, r.seconds, r.started_at::VARCHAR AS at
      FROM runs r JOIN params p USING (run) JOIN metrics m USING (run) JOIN stages s USING (run) ORDER BY m.name`;
    const common = { run: "it's", lr: 0.1, stage: 'train', seconds: 2, at: '2026-01-01 00:00:00' };
    expect((await queryRuns(runs, sql)).rows).toEqual([
      { ...common, name: 'accuracy', value: 0.9, verified: false },
      { ...common, name: 'roc_auc', value: 0.75, verified: true },
    ]);
  });

  it.each([
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "COPY runs TO '/tmp/pulltrain-leak.csv'",
    "ATTACH '/tmp/pulltrain-leak.db'",
    'INSTALL httpfs',
    'SET enable_external_access = true',
    'SELEC 1',
  ])('reaches nothing else: %s', async (sql) => {
    await expect(queryRuns(runs, sql)).rejects.toMatchObject({ code: 'query-invalid' });
  });
});
