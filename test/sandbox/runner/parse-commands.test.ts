import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasker } from '../../../sandbox/runner/mask-secrets.ts';
import { parseFileCommand } from '../../../sandbox/runner/parse-file-command.ts';
import { parseLogCommand } from '../../../sandbox/runner/parse-log-command.ts';

const name = fc.string({ minLength: 1 }).filter((text) => !/[\r\n=]|<<|<$/.test(text));

describe('a command file', () => {
  it('gives back every name and value that was written as a heredoc', () => {
    const value = fc.string().filter((text) => !text.includes('\r'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
        const text = pairs.map(([key, content]) => `${key}<<end-4711\n${content}\nend-4711\n`).join('');
        expect(parseFileCommand(text)).toEqual(pairs);
      }),
    );
  });

  it('reads plain lines, whose values may hold anything but a line break', () => {
    const value = fc.string().filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(name, value, (key, content) => {
        expect(parseFileCommand(`${key}=${content}\n`)).toEqual([[key, content]]);
      }),
    );
  });

  it.each([
    ['no sign', "Invalid format 'no sign'"],
    ['=value', 'Name must not be empty'],
    ['a<<', 'Delimiter must not be empty'],
    ['a<<END\nx\nEND2', "Matching delimiter not found 'END'"],
  ])('refuses %j', (text, message) => {
    expect(() => parseFileCommand(text)).toThrow(message);
  });
});

describe('a log command', () => {
  it('gives back what the toolkit escaped', () => {
    const escapeData = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
    const escapeProperty = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
    fc.assert(
      fc.property(fc.string(), fc.string(), (title, message) => {
        const command = parseLogCommand(`::error file=a.ts,title=${escapeProperty(title)}::${escapeData(message)}`);
        expect(command?.message).toBe(message);
        expect(command?.properties.title?.trim()).toBe(title.trim());
      }),
    );
  });

  it.each(['plain text', 'x ::error::y', '::', '::::', ':: ::x', '::error'])('is not %j', (line) => {
    expect(parseLogCommand(line)).toBeNull();
  });
});

describe('a masker', () => {
  it('hides a secret, its lines and the forms it travels in', () => {
    const masker = createMasker();
    masker.add('top secret\n-----line two-----');
    masker.add('top');
    const hidden = [
      'top secret',
      '-----line two-----',
      encodeURIComponent('top secret'),
      Buffer.from('top secret').toString('base64'),
      JSON.stringify('top secret\n-----line two-----').slice(1, -1),
    ];
    for (const text of hidden) expect(masker.mask(`before ${text} after`)).toBe('before *** after');
    expect(masker.reveals('nothing here')).toBe(false);
  });

  it('hides nothing for an empty secret', () => {
    const masker = createMasker();
    masker.add('');
    masker.add(' \n ');
    expect(masker.mask('a b')).toBe('a b');
  });
});
