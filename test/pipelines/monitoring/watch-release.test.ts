import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { type DriftReport, driftReportSchema } from '../../../pipelines/contracts/drift-report.ts';
import type { Profile } from '../../../pipelines/contracts/profile.ts';
import { type Watch, watchRelease } from '../../../pipelines/monitoring/watch-release.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';
import { referenceProfile, rowsSql, tearLastLine, writeLog, writeReference } from './watched-model.ts';

let directory: string;
let tables: Tables;
let profile: Profile;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pulltrain-watch-'));
  tables = await openTables();
  profile = await referenceProfile(await writeReference(directory, tables), tables);
  file = join(directory, 'log.jsonl');
});
afterAll(async () => {
  tables.close();
  await rm(directory, { recursive: true });
});

const clock = { now: () => new Date('2026-11-21T00:00:00Z') };

async function watch(options: Partial<Watch> = {}, window = '5d'): Promise<DriftReport> {
  const report = await watchRelease(
    {
      repository: 'acme/late',
      environment: 'production',
      release: '1.1.0',
      tag: 'late@v1.1.0',
      profile,
      monitor: { window, time: 'date', drift: 'default' },
      threshold: 0.5,
      files: [file],
      labels: null,
      ...options,
    },
    { tables, clock },
  );
  return driftReportSchema.parse(report);
}

async function labelsOf(sql: string): Promise<Watch['labels']> {
  const table = join(directory, 'labels.parquet');
  await tables.query(`COPY (SELECT id, label FROM (${sql})) TO '${table}' (FORMAT parquet)`);
  return { table, join: 'id', target: 'label', delay: '0d' };
}

function failing({ findings }: DriftReport): string[] {
  return findings.filter(({ status }) => status === 'fail').map(({ kind, subject }) => `${kind} ${subject}`);
}

describe('watching a release', () => {
  it('passes while the world is as it was', async () => {
    const sql = rowsSql('2001-04-01', 10);
    await writeLog(file, sql, tables);
    const report = await watch({ labels: await labelsOf(sql) });
    expect(report.status).toBe('pass');
    expect(report).toMatchObject({ window: { from: '2001-04-06', to: '2001-04-10' }, rows: 1000, labelled: 1000 });
    expect(report.findings.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 6 }, () => 'covariate'),
      'prediction',
      'label',
      'concept',
      'quality',
      'health',
    ]);
  });

  it('finds the column that moved, the scores that followed, and says by how much', async () => {
    await writeLog(file, rowsSql('2001-04-01', 10, { shift: 0.3 }), tables);
    const report = await watch();
    expect(failing(report)).toEqual(['covariate rate', 'prediction score']);
    const rate = report.findings.find(({ subject, status }) => subject === 'rate' && status === 'fail');
    expect(rate?.observed).toBeGreaterThan(rate?.threshold ?? 1);
    expect(rate?.message).toMatch(/^rate is distributed otherwise .*PSI .* over 20 bins, empty ones as 0.0001/);
    expect((rate?.current ?? 0) - (rate?.reference ?? 0)).toBeCloseTo(0.3, 1);
  });

  it('tells a changed world from changed inputs: concept, label and not covariates', async () => {
    const sql = rowsSql('2001-04-01', 10, { late: 0.2 });
    await writeLog(file, sql, tables);
    expect(failing(await watch({ labels: await labelsOf(sql) }))).toEqual([
      'label label',
      'concept label given the score',
    ]);
  });

  it('finds a loss of quality when scores mean nothing any more', async () => {
    const sql = rowsSql('2001-04-01', 10);
    await writeLog(file, sql, tables, (line, row) => ({ ...line, score: ((row * 7919) % 1000) / 1000 }));
    const report = await watch({
      labels: await labelsOf(sql),
      profile: { ...profile, quality: { metric: 'roc_auc', value: 0.9, standardError: 0.01 } },
    });
    expect(failing(report)).toContain('quality roc_auc');
  });

  it('takes values that go missing for drift of their own', async () => {
    await writeLog(file, rowsSql('2001-04-01', 10), tables, (line, row) => {
      const features = typeof line.features === 'object' ? line.features : {};
      return { ...line, features: { ...features, rate: row % 5 === 0 ? null : Reflect.get(features ?? {}, 'rate') } };
    });
    const report = await watch();
    expect(failing(report)).toEqual(['covariate rate']);
    expect(report.findings.find(({ status }) => status === 'fail')?.message).toMatch(/20\.0 % missing/);
  });

  it('says that a column is not logged instead of calling it drift', async () => {
    await writeLog(file, rowsSql('2001-04-01', 10), tables, (line) => {
      const { rate: _, ...features } = { rate: 0, ...(typeof line.features === 'object' ? line.features : {}) };
      return { ...line, features };
    });
    const report = await watch();
    expect(report.status).toBe('inconclusive');
    expect(report.findings.find(({ subject }) => subject === 'rate')?.message).toContain('serve.log');
  });

  it('finds a category that was never seen', async () => {
    await writeLog(file, rowsSql('2001-04-01', 10), tables, (line, row) => ({
      ...line,
      features: {
        ...(typeof line.features === 'object' ? line.features : {}),
        ...(row % 2 === 0 ? { region: 'east' } : {}),
      },
    }));
    expect(failing(await watch())).toContain('covariate region');
  });

  it('finds a service that fails', async () => {
    await writeLog(file, rowsSql('2001-04-01', 10), tables, (line, row) =>
      row % 20 === 0 ? { ...line, status: 'error', score: null } : line,
    );
    expect(failing(await watch())).toEqual(['health errors']);
  });

  it('looks at what users were answered by this release: no shadow, no other release, no other model', async () => {
    await writeLog(file, rowsSql('2001-04-01', 10, { shift: 0.5 }), tables, (line, row) => ({
      ...line,
      ...[{ variant: 'shadow' }, { version: '1.0.0' }, { model: 'other' }, { v: 2 }][row % 4],
    }));
    expect(await watch()).toMatchObject({ rows: 0, window: null, status: 'inconclusive' });
  });

  it('counts the rows of a canary, too', async () => {
    await writeLog(file, rowsSql('2001-04-01', 5), tables, (line) => ({ ...line, variant: 'candidate' }));
    expect((await watch()).rows).toBe(1000);
  });

  it('survives a torn last line, lines of rubbish and an empty file', async () => {
    await writeLog(file, rowsSql('2001-04-01', 5), tables);
    await tearLastLine(file);
    const report = await watch();
    expect(report).toMatchObject({ rows: 1000, status: 'pass' });
    await writeLog(file, `SELECT * FROM (${rowsSql('2001-04-01', 5)}) LIMIT 0`, tables);
    expect(await watch()).toMatchObject({ rows: 0, status: 'inconclusive' });
    expect(await watch({ files: [] })).toMatchObject({ rows: 0, window: null, status: 'inconclusive' });
  });

  it('says nothing about too few rows, and names the policy’s own limits', async () => {
    await writeLog(file, rowsSql('2001-04-01', 5, { shift: 0.5 }), tables);
    expect((await watch({}, '1d')).status).toBe('inconclusive');
    const drift = { min_rows: 100, columns: { rate: 1, score: 1 } };
    const lenient = await watch({ monitor: { window: '5d', time: 'date', drift } });
    expect(lenient.status).toBe('pass');
  });

  it('leaves labels that are too young or contradict each other', async () => {
    const sql = rowsSql('2001-04-01', 10);
    await writeLog(file, sql, tables);
    const labels = await labelsOf(
      `SELECT * FROM (${sql}) UNION ALL SELECT * REPLACE (1 - label AS label) FROM (${sql}) WHERE id % 2 = 0`,
    );
    expect((await watch({ labels })).labelled).toBe(500);
    expect((await watch({ labels: labels === null ? null : { ...labels, delay: '2d' } })).labelled).toBe(300);
  });

  it('takes the time of the answer when no column tells the time of the event', async () => {
    await writeLog(file, rowsSql('2001-04-01', 10), tables);
    const report = await watch({ monitor: { window: '1d', drift: 'default' } });
    expect(report).toMatchObject({ rows: 2000, window: { from: '2026-11-21', to: '2026-11-21' } });
  });
});
