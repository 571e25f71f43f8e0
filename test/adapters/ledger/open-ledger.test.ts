import { Octokit } from '@octokit/rest';
import { afterEach, describe, expect, it } from 'vitest';
import { openLedger } from '../../../adapters/ledger/open-ledger.ts';
import { type FakeGitHub, Refusal, startFakeGitHub } from '../../fakes/fake-github.ts';
import { ledgerContract } from './ledger-contract.ts';

const place = { owner: 'acme', repo: 'flight-delays' };
let github: FakeGitHub;
afterEach(() => github.close());

async function open() {
  github = await startFakeGitHub();
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const ledger = openLedger(new Octokit({ baseUrl: github.url, log: silent }), place);
  return { ledger, commits: () => countCommits(github) };
}

function countCommits({ git }: FakeGitHub): number {
  let count = 0;
  for (let at = git.refs.get('heads/ledger'); at !== undefined; at = git.commits.get(at)?.parents[0]) count += 1;
  return count;
}

/** Lets a rival write to the branch just before our next change of the ref, as often as told. */
function loseRaces(times: number, onRace: (race: number) => void): void {
  let races = 0;
  github.onCall = (call) => {
    if (!/^(PATCH|POST) .*\/git\/refs/.test(call) || races >= times) return;
    races += 1;
    onRace(races);
  };
}

describe('the ledger on GitHub', () => {
  ledgerContract(open);

  it('starts the branch without a parent, apart from the code', async () => {
    const { ledger } = await open();
    github.git.commit('main', { 'README.md': 'code' });
    await ledger.write([{ path: 'a.json', document: 1 }], 'first');
    expect(github.git.text('ledger', 'README.md')).toBeNull();
    expect(github.git.text('ledger', 'a.json')).toBe('1\n');
  });

  it('takes six calls at most for a record, whatever the branch holds', async () => {
    const { ledger } = await open();
    for (const count of [1, 2, 3]) await ledger.write([{ path: `${count}.json`, document: 1 }], 'more');
    github.calls.length = 0;
    await ledger.write([{ path: 'new.json', document: 1 }], 'one more');
    expect(github.calls).toHaveLength(6);
  });

  it('reads a document that is too large for the contents API', async () => {
    const { ledger } = await open();
    const document = { text: 'x'.repeat(1_100_000) };
    await ledger.write([{ path: 'large.json', document }], 'large');
    expect(await ledger.read('large.json')).toEqual(document);
  });

  it('loses no document when a rival wins the race, again and again', async () => {
    const { ledger } = await open();
    await ledger.write([{ path: 'first.json', document: 0 }], 'first');
    loseRaces(3, (race) => void github.git.commit('ledger', { [`rival-${race}.json`]: `${race}\n` }));
    await ledger.write([{ path: 'ours.json', document: 'ours' }], 'ours');
    expect(await ledger.list('')).toEqual(['first.json', 'ours.json', 'rival-1.json', 'rival-2.json', 'rival-3.json']);
  });

  it('joins the branch that a rival creates at the same moment', async () => {
    const { ledger } = await open();
    loseRaces(1, () => void github.git.commit('ledger', { 'rival.json': '1\n' }));
    await ledger.write([{ path: 'ours.json', document: 2 }], 'ours');
    expect(await ledger.list('')).toEqual(['ours.json', 'rival.json']);
  });

  it('is content when the rival wrote the very same', async () => {
    const { ledger, commits } = await open();
    await ledger.write([{ path: 'a.json', document: 1 }], 'first');
    loseRaces(1, () => void github.git.commit('ledger', { 'b.json': '2\n' }));
    await ledger.write([{ path: 'b.json', document: 2 }], 'ours');
    expect(commits()).toBe(2);
  });

  it('sees a conflict that arises during the race', async () => {
    const { ledger } = await open();
    await ledger.write([{ path: 'a.json', document: 1 }], 'first');
    loseRaces(1, () => void github.git.commit('ledger', { 'b.json': '"theirs"\n' }));
    await expect(ledger.write([{ path: 'b.json', document: 'ours' }], 'ours')).rejects.toMatchObject({
      code: 'ledger-conflict',
    });
    expect(await ledger.read('b.json')).toBe('theirs');
  });

  it('reports what is wrong with GitHub instead of trying for ever', async () => {
    const { ledger } = await open();
    github.onCall = (call) => {
      if (call.includes('/git/trees')) throw new Refusal(403, 'Resource not accessible by integration');
    };
    await expect(ledger.write([{ path: 'a.json', document: 1 }], 'first')).rejects.toMatchObject({ status: 403 });
  });

  it('names a document that is not JSON', async () => {
    const { ledger } = await open();
    github.git.commit('ledger', { 'bad.json': '{' });
    await expect(ledger.read('bad.json')).rejects.toMatchObject({ code: 'ledger-corrupt' });
  });
});
