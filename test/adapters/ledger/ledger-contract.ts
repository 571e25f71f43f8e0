import { expect, it } from 'vitest';
import type { Ledger } from '../../../pipelines/ports/ledger.ts';

/** What every ledger does; `commits` counts the commits made so far. */
export function ledgerContract(open: () => Promise<{ ledger: Ledger; commits(): number }>): void {
  it('has nothing before the first write', async () => {
    const { ledger } = await open();
    expect(await ledger.read('runs/a.json')).toBeNull();
    expect(await ledger.list('runs')).toEqual([]);
  });

  it('keeps several documents in one commit and lists those of a folder', async () => {
    const { ledger, commits } = await open();
    const entries = [
      { path: 'runs/b.json', document: { b: [1, 2, null] } },
      { path: 'runs/a.json', document: { a: 'ä "quoted"' } },
      { path: 'runsheet.json', document: true },
    ];
    await ledger.write(entries, 'first');
    expect(commits()).toBe(1);
    expect(await ledger.read('runs/a.json')).toEqual({ a: 'ä "quoted"' });
    expect(await ledger.list('runs')).toEqual(['runs/a.json', 'runs/b.json']);
    expect(await ledger.list('')).toEqual(['runs/a.json', 'runs/b.json', 'runsheet.json']);
  });

  it('keeps what was there when more is written', async () => {
    const { ledger } = await open();
    await ledger.write([{ path: 'deep/er/a.json', document: 1 }], 'first');
    await ledger.write([{ path: 'deep/er/b.json', document: 2 }], 'second');
    expect(await ledger.list('deep/er')).toEqual(['deep/er/a.json', 'deep/er/b.json']);
    expect(await ledger.read('deep/er/a.json')).toBe(1);
  });

  it.each([false, true])('makes no commit of what is there already (replace: %s)', async (replace) => {
    const { ledger, commits } = await open();
    const entries = [{ path: 'a.json', document: { a: 1 } }];
    await ledger.write(entries, 'first');
    await ledger.write(entries, 'again', { replace });
    expect(commits()).toBe(1);
  });

  it('refuses to change a record, and writes none of the others', async () => {
    const { ledger } = await open();
    await ledger.write([{ path: 'a.json', document: 1 }], 'first');
    const change = ledger.write(
      [
        { path: 'b.json', document: 1 },
        { path: 'a.json', document: 2 },
      ],
      'change',
    );
    await expect(change).rejects.toMatchObject({ code: 'ledger-conflict' });
    expect(await ledger.read('a.json')).toBe(1);
    expect(await ledger.read('b.json')).toBeNull();
  });

  it('changes a record when told to', async () => {
    const { ledger, commits } = await open();
    await ledger.write([{ path: 'a.json', document: 1 }], 'first');
    await ledger.write([{ path: 'a.json', document: 2 }], 'change', { replace: true });
    expect(await ledger.read('a.json')).toBe(2);
    expect(commits()).toBe(2);
  });

  it('writes nothing when there is nothing to write', async () => {
    const { ledger, commits } = await open();
    await ledger.write([], 'nothing');
    expect(commits()).toBe(0);
  });
}
