import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayCommand } from '../../../pipelines/commands/may-command.ts';
import { parseCommand } from '../../../pipelines/commands/parse-command.ts';

describe('a command', () => {
  it.each([
    ['/retrain', { name: 'retrain', model: null }],
    ['/retrain\r\nplease, the world has moved', { name: 'retrain', model: null }],
    ['/retrain  flight-delay \n', { name: 'retrain', model: 'flight-delay' }],
    ['/retrain\tflight-delay', { name: 'retrain', model: 'flight-delay' }],
    ['/sweep', { name: 'sweep', model: null, words: [] }],
    [
      '/sweep lr=0.01,0.1 depth=4..8 --random 5',
      { name: 'sweep', model: null, words: ['lr=0.01,0.1', 'depth=4..8', '--random', '5'] },
    ],
    ['/sweep flight-delay lr=1,2', { name: 'sweep', model: 'flight-delay', words: ['lr=1,2'] }],
    ['/sweep apply', { name: 'sweep-apply', trial: null }],
    ['/sweep apply 12', { name: 'sweep-apply', trial: 12 }],
    ['/help', { name: 'help' }],
    ['/help me', { name: 'help' }],
  ])('%j is understood', (body, command) => {
    expect(parseCommand(body)).toEqual(command);
  });

  it.each([
    '/retrain Flight',
    '/retrain $(touch x)',
    '/retrain a b',
    '/retrain ../x',
    '/retrain --model=x',
    '/retrain @dana',
    '/sweep $(touch x)',
    '/sweep apply 0',
    '/sweep apply 1 2',
    '/sweep apply best',
  ])('%j is a mistake that is explained', (body) => {
    expect(parseCommand(body)).toMatchObject({ name: 'mistake' });
  });

  it.each([
    '',
    ' /retrain',
    '    /retrain',
    '\n/retrain',
    '> /retrain',
    '```\n/retrain\n```',
    '- /retrain',
    '`/retrain`',
    'see /retrain',
    '/Retrain',
    '/retrain\u200b',
    '/ret\u0430in',
    '\u2215retrain',
    '\uff0fretrain',
    '/retrainer',
    '/deploy',
    '//retrain',
    '\ufeff/retrain',
  ])('%j is none', (body) => {
    expect(parseCommand(body)).toBeNull();
  });

  it('is never found in a first line that is too long, however fast that is decided', () => {
    expect(parseCommand(`/retrain ${'a'.repeat(1000)}`)).toBeNull();
    const hostile = `/retrain${' '.repeat(65_000)}!`;
    const before = performance.now();
    expect(parseCommand(hostile)).toBeNull();
    expect(performance.now() - before).toBeLessThan(50);
  });

  it('is decided by the first line alone, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.string(), (first, rest) => {
        const line = first.replace(/[\r\n]/g, '');
        expect(parseCommand(`${line}\n${rest}`)).toEqual(parseCommand(line));
      }),
    );
  });

  it('takes no argument that is not the name of a model', () => {
    fc.assert(
      fc.property(fc.string(), (argument) => {
        const command = parseCommand(`/retrain ${argument}`);
        if (command?.name === 'retrain') expect(command.model ?? 'none').toMatch(/^[a-z0-9][a-z0-9._-]{0,63}$/);
      }),
    );
  });
});

describe('who may command', () => {
  it.each([
    ['admin', true],
    ['maintain', true],
    ['write', true],
    ['triage', false],
    ['read', false],
    ['none', false],
    ['', false],
    ['owner', false],
  ])('%s: %s', (permission, allowed) => {
    expect(mayCommand(permission)).toBe(allowed);
  });
});
