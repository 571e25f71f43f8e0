import { describe, expect, it } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';
import { verbs } from '../../cli/verbs.ts';
import { fakeSurroundings } from '../fixtures/fake-surroundings.ts';
import { type GitRepository, gitRepository } from '../fixtures/git-repository.ts';
import { runRecord } from '../fixtures/run-record.ts';
import { judgementWith } from '../reports/judgements.ts';

async function runs(directory: string, ...args: string[]) {
  const { surroundings, said } = fakeSurroundings(directory);
  return { exit: await runCommand(['runs', ...args], verbs, surroundings), ...said };
}

function entry(headSha: string, lr: number, startedAt: string) {
  const judgement = judgementWith();
  const run = runRecord({ model: judgement.model, parameters: { lr }, startedAt, code: { sha: headSha, clean: true } });
  const { evaluated } = judgement;
  const document = { ...judgement, evaluated: { ...evaluated, run, change: { ...evaluated.change, headSha } } };
  return { [`judgements/${judgement.model}/${headSha}.json`]: JSON.stringify(document) };
}

/** A clone that has the ledger as a branch of its remote, and nothing of it in its working tree. */
function withLedger(files: Record<string, string>): GitRepository {
  const repository = gitRepository({ 'README.md': 'data' });
  repository.commit('first');
  repository.git('checkout', '--quiet', '--orphan', 'ledger');
  repository.write({ 'README.md': null, ...files });
  const commit = repository.commit('ledger');
  repository.git('checkout', '--quiet', 'main');
  repository.git('update-ref', 'refs/remotes/origin/ledger', commit);
  repository.git('branch', '--quiet', '-D', 'ledger');
  return repository;
}

const [older, newer] = ['1'.repeat(40), '2'.repeat(40)];
const { model } = judgementWith();
const [first, second] = [`${model}/${older.slice(0, 12)}`, `${model}/${newer.slice(0, 12)}`];

describe('runs of a ledger that was fetched', () => {
  const ledger = {
    ...entry(older, 0.1, '2026-01-01T00:00:00.000Z'),
    ...entry(newer, 0.3, '2026-02-01T00:00:00.000Z'),
    'judgements/broken.json': '{"kind": "judgement"',
  };

  it('are listed newest first with verdict and verified metrics, and what is broken is told of', async () => {
    using repository = withLedger(ledger);
    const listed = await runs(repository.directory, 'list');
    expect(listed.exit).toBe(0);
    const [head = '', ...lines] = listed.out.trimEnd().split('\n');
    expect(head).toContain('verdict');
    expect(lines.map((line) => line.split(/\s+/)[0])).toEqual([second, first]);
    expect(lines[0]).toMatch(/ledger .* succeeded .* roc_auc 0\.\d+/);
    expect(listed.err).toContain('judgements/broken.json of the ledger is no judgement');
  });

  it('are shown, compared and asked by SQL like those of this machine', async () => {
    using repository = withLedger(ledger);
    const shown = JSON.parse((await runs(repository.directory, 'show', first, '--json')).out);
    expect(shown.run).toMatchObject({ id: first, origin: 'ledger', record: { parameters: { lr: 0.1 } } });
    const compared = JSON.parse((await runs(repository.directory, 'compare', first, second, '--json')).out);
    expect(compared.parameters).toEqual([{ name: 'lr', left: 0.1, right: 0.3 }]);
    expect(compared.environment.map(({ name }: { name: string }) => name)).toEqual(['commit']);
    const sql = 'SELECT run, number AS lr FROM params ORDER BY lr';
    const asked = JSON.parse((await runs(repository.directory, 'query', sql, '--json')).out);
    expect(asked.rows).toEqual([
      { run: first, lr: 0.1 },
      { run: second, lr: 0.3 },
    ]);
  });

  it('are named when another is asked for', async () => {
    using repository = withLedger(ledger);
    const { exit, err } = await runs(repository.directory, 'show', 'nobody');
    expect(exit).toBe(1);
    expect(err).toContain(first);
    expect(err).toContain('git fetch origin ledger');
  });
});
