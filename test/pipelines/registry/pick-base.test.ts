import { describe, expect, test } from 'vitest';
import type { RunEntry } from '../../../pipelines/contracts/judgement.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { type BaseFacts, type BaseSources, mostAncestors, pickBase } from '../../../pipelines/registry/pick-base.ts';

const sha = (name: string) => name.charCodeAt(0).toString(16).padStart(2, '0').repeat(20);
const digest = (name: string) => name.charCodeAt(0).toString(16).padStart(2, '0').repeat(32);

function runOf(name: string, changes: Partial<RunEntry> = {}): RunEntry {
  return {
    kind: 'run-entry',
    version: 1,
    model: 'm',
    key: integrityOf(name),
    sha256: digest(name),
    status: 'pass',
    artifact: { runId: 1, name: 'pulltrain-run' },
    evidence: { runId: 2, name: 'pulltrain-judgement' },
    judgement: { path: `judgements/m/${name}.json`, integrity: integrityOf(`judgement ${name}`) },
    pull: 1,
    headSha: sha(name),
    recordedAt: '2026-11-20T00:00:00Z',
    ...changes,
  };
}

type World = {
  /** Commit to the names of the runs of what it stands for; a name that is no run is a key without one. */
  commits: Record<string, string | null>;
  runs: Record<string, RunEntry[]>;
  unmerged?: string[];
  missing?: Record<string, string>;
  release?: { tag: string; commit: string; sha256: string; bytes: string } | null;
};

function pick(world: World, facts: Partial<BaseFacts> = {}) {
  const asked: string[] = [];
  const [mergeBase = 'a', ...before] = Object.keys(world.commits).map(sha);
  const nameOf = (commit: string) => Object.keys(world.commits).find((name) => sha(name) === commit) ?? '';
  const sources: BaseSources<string> = {
    hasRuns: async () => Object.values(world.runs).some((runs) => runs.length > 0),
    ancestors: async (_, most) => before.slice(0, most),
    keyOf: async (commit) => world.commits[nameOf(commit)] ?? null,
    runsOf: async (key) => world.runs[key] ?? [],
    isMerged: async ({ headSha }) => {
      asked.push(headSha);
      return !(world.unmerged ?? []).map(sha).includes(headSha);
    },
    bring: async ({ headSha }) => {
      const missing = Object.entries(world.missing ?? {}).find(([name]) => sha(name) === headSha)?.[1];
      return missing === undefined ? { tag: null, bytes: `bytes of ${headSha}` } : { missing };
    },
    release: async () => world.release ?? null,
  };
  return pickBase({ model: 'm', mergeBase, pull: 9, quarantined: new Set(), ...facts }, sources).then((picked) => ({
    ...picked,
    asked,
  }));
}

const release = { tag: 'm@v1.0.0', commit: sha('z'), sha256: digest('z'), bytes: 'released' };

describe('the base of a comparison', () => {
  test('is the run of the merge-base', async () => {
    const { choice, bytes } = await pick({ commits: { a: 'k' }, runs: { k: [runOf('r')] }, release });
    expect(choice).toEqual({
      rung: 'merge-base',
      tag: null,
      commit: sha('a'),
      sha256: digest('r'),
      pull: 1,
      distance: 0,
    });
    expect(bytes).toBe(`bytes of ${sha('r')}`);
  });

  test('is the newest merged run of the merge-base, never one of the pull request itself or of another model', async () => {
    const runs = [
      runOf('own', { pull: 9 }),
      runOf('x', { model: 'other' }),
      runOf('u'),
      runOf('n', { pull: 5 }),
      runOf('o', { pull: 4 }),
    ];
    const { choice, asked } = await pick({ commits: { a: 'k' }, runs: { k: runs }, unmerged: ['u'] });
    expect(choice).toMatchObject({ rung: 'merge-base', pull: 5 });
    expect(asked).toEqual([sha('u'), sha('n')]);
  });

  test('is the nearest ancestor with a run, and says why', async () => {
    const { choice } = await pick({
      commits: { a: 'edited by hand', b: 'edited by hand', c: null, d: 'k' },
      runs: { k: [runOf('r')] },
      release,
    });
    expect(choice).toMatchObject({ rung: 'ancestor', commit: sha('d'), distance: 3 });
    expect(choice.skipped).toEqual([{ rung: 'merge-base', reason: 'no run of what it is made of was ever judged' }]);
  });

  type Flaw = Partial<World> & { status?: 'pass' | 'inconclusive'; quarantined?: ReadonlySet<string> };
  test.each<[string, Flaw, string]>([
    [
      'that expired',
      { missing: { r: 'the artifact has expired' } },
      'the model of #1 cannot be had: the artifact has expired',
    ],
    ['that was never merged', { unmerged: ['r'] }, 'what was judged of it was never merged'],
    ['that did not pass', { status: 'inconclusive' }, 'its model was judged "inconclusive" in #1, so it ships none'],
    ['that was rolled back', { quarantined: new Set([digest('r')]) }, 'its model, of #1, was rolled back'],
  ])('is not one %s: the next rung is, with the reason', async (_, how, reason) => {
    const { status = 'pass', quarantined = new Set(), ...world } = how;
    const { choice } = await pick(
      {
        commits: { a: 'k', b: 'l' },
        runs: { k: [runOf('r', { status })], l: [runOf('s', { pull: 2 })] },
        release,
        ...world,
      },
      { quarantined },
    );
    expect(choice).toMatchObject({ rung: 'ancestor', pull: 2, distance: 1, skipped: [{ rung: 'merge-base', reason }] });
  });

  test('is a release when no commit ships a run, else none', async () => {
    const world = { commits: { a: 'k', b: 'l' }, runs: { gone: [runOf('r')] } };
    const released = await pick({ ...world, release });
    expect(released.choice).toMatchObject({ rung: 'release', tag: 'm@v1.0.0', sha256: digest('z') });
    expect(released.bytes).toBe('released');
    expect(released.choice.skipped?.map(({ rung }) => rung)).toEqual(['merge-base', 'ancestor']);
    const none = await pick(world);
    expect(none).toMatchObject({ choice: { rung: 'none', tag: null, commit: null, sha256: null }, bytes: null });
    expect(none.choice.skipped?.at(-1)).toEqual({
      rung: 'release',
      reason: 'the merge-base contains no release that counts',
    });
  });

  test('walks no history before anything was judged, or when the merge is not known', async () => {
    const walked = { commits: { a: 'k', b: 'l' }, runs: {} };
    expect((await pick(walked)).choice.skipped?.map(({ rung }) => rung)).toEqual(['merge-base', 'release']);
    const unknown = await pick({ ...walked, runs: { k: [runOf('r')] } }, { mergeBase: null });
    expect(unknown.choice.rung).toBe('none');
    expect(unknown.asked).toEqual([]);
  });

  test('is looked for in a bounded past, asking once for each key', async () => {
    const names = Array.from({ length: mostAncestors + 20 }, (_, index) => String.fromCodePoint(0x100 + index));
    const commits = Object.fromEntries(names.map((name, index) => [name, index < mostAncestors + 1 ? 'same' : 'late']));
    const { choice, asked } = await pick({
      commits,
      runs: { same: [runOf('u')], late: [runOf('r')] },
      unmerged: ['u'],
    });
    expect(choice.rung).toBe('none');
    expect(asked).toEqual([sha('u')]);
  });

  test('costs ten questions at most for one key, however many pull requests share it', async () => {
    const crowd = Array.from({ length: 40 }, (_, index) => runOf(String.fromCodePoint(0x100 + index)));
    const { asked } = await pick({
      commits: { a: 'k' },
      runs: { k: crowd },
      unmerged: crowd.map((_, index) => String.fromCodePoint(0x100 + index)),
    });
    expect(asked).toHaveLength(10);
  });
});
