import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { driftVerb } from '../../cli/drift.ts';
import { runCommand } from '../../cli/run-command.ts';
import { driftReportSchema } from '../../pipelines/contracts/drift-report.ts';
import type { ModelManifest } from '../../pipelines/contracts/model-manifest.ts';
import { integrityOf } from '../../pipelines/integrity.ts';
import { fakeSurroundings } from '../fixtures/fake-surroundings.ts';
import { referenceProfile, rowsSql, writeLog, writeReference } from '../pipelines/monitoring/watched-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-drift-'));
  const tables = await openTables();
  const profile = await referenceProfile(await writeReference(folder, tables), tables);
  await writeFile(join(folder, 'profile.json'), JSON.stringify(profile));
  await mkdir(join(folder, 'log', 'late'), { recursive: true });
  await writeLog(join(folder, 'log', 'late', 'a.jsonl'), rowsSql('2001-04-01', 10), tables);
  await writeLog(join(folder, 'moved.jsonl'), rowsSql('2001-04-01', 10, { shift: 0.3 }), tables);
  await tables.query(
    `COPY (SELECT id, label FROM (${rowsSql('2001-04-01', 10)})) TO '${join(folder, 'labels.parquet')}'`,
  );
  await writeLog(join(folder, 'old.jsonl'), rowsSql('2001-04-01', 10), tables);
  await writeLog(join(folder, 'new.jsonl'), rowsSql('2001-04-01', 10, { shift: 0.3 }), tables, (line) => ({
    ...line,
    version: '1.2.0',
  }));
  const logs = ['old.jsonl', 'new.jsonl'].map((name) => readFile(join(folder, name), 'utf8'));
  await writeFile(join(folder, 'both.jsonl'), (await Promise.all(logs)).join(''));
  const text = JSON.stringify(profile);
  await writeRelease(join(folder, 'release'), text, createHash('sha256').update(text).digest('hex'));
  await writeRelease(join(folder, 'stranger'), text, 'f'.repeat(64));
  tables.close();
});

/** A profile, and beside it a manifest of release 1.2.0 that names a profile of this digest. */
async function writeRelease(directory: string, profile: string, sha256: string): Promise<void> {
  await mkdir(directory);
  await writeFile(join(directory, 'profile.json'), profile);
  const integrity = integrityOf('bytes');
  const manifest: ModelManifest = {
    kind: 'model-manifest',
    version: 1,
    model: 'late',
    release: '1.2.0',
    tag: 'late@v1.2.0',
    commit: 'c'.repeat(40),
    key: integrity,
    task: 'binary',
    threshold: 0.5,
    inputs: [],
    files: [{ name: 'profile.json', role: 'profile', sha256, size: profile.length }],
    holdout: {
      data: 'holdout.parquet',
      dataIntegrity: integrity,
      rule: 'all',
      from: null,
      to: null,
      rows: 1,
      integrity,
    },
    sources: [],
    lineage: 'reported',
    verdict: 'pass',
    pull: 1,
    publishedAt: '2026-11-20T00:00:00Z',
  };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest));
}
afterAll(() => rm(folder, { recursive: true }));

async function pulltrain(...args: string[]) {
  const { surroundings, said } = fakeSurroundings(folder);
  return { code: await runCommand(args, [driftVerb], surroundings), ...said };
}
const drift = (...args: string[]) =>
  pulltrain('drift', '--profile', 'profile.json', '--time', 'date', '--window', '5d', ...args);

describe('pulltrain drift', () => {
  it('passes, with labels, and leaves the report', async () => {
    const labels = ['--labels', 'labels.parquet', '--join', 'id', '--target', 'label'];
    const { code, out } = await drift('--log', 'log', ...labels, '--out', 'deep/drift.json');
    expect(out).toMatch(/^pass {2}late@v1\.1\.0, 2001-04-06 to 2001-04-10, 1000 rows, 1000 with labels\n/);
    expect(code).toBe(0);
    const report = driftReportSchema.parse(JSON.parse(await readFile(join(folder, 'deep/drift.json'), 'utf8')));
    expect(report).toMatchObject({ status: 'pass', release: '1.1.0' });
  });

  it('ends with 1 and names the columns when something has moved', async () => {
    const { code, out } = await drift('--log', 'moved.jsonl');
    expect(code).toBe(1);
    expect(out).toMatch(/^fail +covariate +rate is distributed otherwise/m);
  });

  it('answers with the report as JSON', async () => {
    const { out } = await drift('--log', 'moved.jsonl', '--json');
    expect(driftReportSchema.parse(JSON.parse(out)).status).toBe('fail');
  });

  describe('when a log has rows of two releases', () => {
    const of = (profile: string, ...args: string[]) =>
      pulltrain('drift', '--profile', profile, '--time', 'date', '--window', '5d', '--log', 'both.jsonl', ...args);

    it('refuses to guess whose the profile is', async () => {
      const { code, err } = await of('profile.json');
      expect(code).toBe(1);
      expect(err).toContain('1.1.0 (2000 rows)');
      expect(err).toContain('1.2.0 (2000 rows)');
      expect(err).toContain('--release 1.');
    });

    it('takes the one that is named', async () => {
      expect((await of('profile.json', '--release', '1.1.0')).out).toMatch(/^pass {2}late@v1\.1\.0/);
      expect((await of('profile.json', '--release', '1.2.0')).out).toMatch(/^fail {2}late@v1\.2\.0/);
    });

    it('takes the one whose manifest lies beside the profile and names its very bytes', async () => {
      expect((await of('release/profile.json')).out).toMatch(/^fail {2}late@v1\.2\.0/);
      expect((await of('stranger/profile.json')).err).toContain('several releases answered');
    });
  });

  it.each([
    [['--log', 'nowhere'], 1, 'no prediction log'],
    [['--log', 'log', '--profile', 'labels.parquet'], 1, 'not a profile.json'],
    [['--log', 'log', '--release', 'v1'], 2, 'MAJOR.MINOR.PATCH'],
    [['--log', 'log', '--window', 'week'], 2, 'length of time'],
    [['--log', 'log', '--min-rows', 'many'], 2, '--min-rows must be a number'],
    [['--log', 'log', '--labels', 'labels.parquet'], 2, '--join is missing'],
    [[], 2, '--log is missing'],
  ])('refuses %j with a sentence', async (args, exit, sentence) => {
    const { code, err } = await drift(...args);
    expect(code).toBe(exit);
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
  });

  it('explains itself', async () => {
    const { code, out } = await pulltrain('drift', '--help');
    expect(code).toBe(0);
    expect(out).toContain('--profile FILE');
  });
});
