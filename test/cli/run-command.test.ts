import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dataActions } from '../../cli/data/actions.ts';
import { formatHelp, parseOptions, requireOption } from '../../cli/options.ts';
import { runCommand } from '../../cli/run-command.ts';
import type { Verb } from '../../cli/verb.ts';
import { verbs } from '../../cli/verbs.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { fakeSurroundings } from '../fixtures/fake-surroundings.ts';

const options = {
  model: { type: 'string', default: 'one', placeholder: 'NAME', about: 'which model' },
  dry: { type: 'boolean', about: 'only look' },
} as const;
const greet: Verb = {
  name: 'greet',
  summary: 'says hello',
  help: formatHelp({ usage: 'greet [PATH] [options]', about: 'Says hello.', options }),
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, options, { max: 1 });
    if (positionals[0] === 'nobody') throw new PulltrainError('nobody-there', { what: 'nobody is there' });
    if (positionals[0] === 'bug') throw new TypeError('a bug');
    terminal.progress('thinking');
    terminal.answer({ ...values, positionals }, terminal.paint('green', `hello ${values.model}`));
    return values.dry === true ? 1 : 0;
  },
};

async function pulltrain(args: string[], options: Parameters<typeof fakeSurroundings>[1] = {}) {
  const { surroundings, said } = fakeSurroundings('/', options);
  return { exit: await runCommand(args, [greet], surroundings), ...said };
}

describe('a verb', () => {
  it('answers on standard output and keeps progress apart', async () => {
    expect(await pulltrain(['greet', '--model', 'two'])).toEqual({ exit: 0, out: 'hello two\n', err: 'thinking\n' });
  });

  it('answers as JSON when asked, wherever the flag stands', async () => {
    const { out } = await pulltrain(['greet', '--json', 'here']);
    expect(JSON.parse(out)).toEqual({ model: 'one', positionals: ['here'] });
  });

  it('takes what follows -- as it is', async () => {
    const { out } = await pulltrain(['greet', '--', '--json']);
    expect(out).toBe('hello one\n');
  });

  it('gives its exit code', async () => {
    expect((await pulltrain(['greet', '--dry'])).exit).toBe(1);
  });

  it('is coloured for a person and for nobody else', async () => {
    expect((await pulltrain(['greet'], { interactive: true })).out).toContain('\u001b[32m');
    expect((await pulltrain(['greet'], { interactive: true, environment: { NO_COLOR: '1' } })).out).toBe('hello one\n');
    expect((await pulltrain(['greet', '--json'], { interactive: true })).out).not.toContain('\u001b');
  });

  it('explains itself', async () => {
    const { exit, out } = await pulltrain(['greet', '--help']);
    expect(exit).toBe(0);
    expect(out).toBe(
      [
        'Usage: pulltrain greet [PATH] [options]',
        '',
        'Says hello.',
        '',
        'Options:',
        '  --model NAME  which model [one]',
        '  --dry         only look',
        '  --json        answer as one JSON document',
        '  --help        this text',
        '',
      ].join('\n'),
    );
  });
});

describe('a wrong command line', () => {
  it.each([
    [
      ['greet', '--modle', 'x'],
      'unknown option --modle (allowed: --model, --dry, --json, --help). Did you mean --model?',
    ],
    [['greet', '--model'], 'argument missing'],
    [['greet', 'a', 'b'], 'unexpected argument "b"'],
    [['great'], 'there is no verb "great" (allowed: greet). Did you mean greet?'],
  ])('%j ends with 2 and a sentence', async (args, sentence) => {
    const { exit, out, err } = await pulltrain(args);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
    expect(err).toContain('See pulltrain --help');
  });

  it('without any verb shows what there is', async () => {
    const { exit, out } = await pulltrain([]);
    expect(exit).toBe(2);
    expect(out).toContain('  greet  says hello');
  });

  it('may lack an option that must be there', () => {
    expect(() => requireOption('', 'remote')).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(requireOption('x', 'remote')).toBe('x');
  });
});

describe('a fault', () => {
  it('is one sentence, exit 1, and a document with --json', async () => {
    expect(await pulltrain(['greet', 'nobody'])).toEqual({
      exit: 1,
      out: '',
      err: 'pulltrain greet: nobody is there\n',
    });
    const { out } = await pulltrain(['greet', 'nobody', '--json']);
    expect(JSON.parse(out)).toEqual({ error: { code: 'nobody-there', message: 'nobody is there' } });
  });

  it('of our own shows where it happened', async () => {
    const { exit, err } = await pulltrain(['greet', 'bug']);
    expect(exit).toBe(1);
    expect(err).toContain('run-command.test.ts');
  });
});

describe('the command', () => {
  it('starts as a program', () => {
    const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [main, '--help'], { encoding: 'utf8' });
    expect(status).toBe(0);
    for (const verb of verbs) expect(stdout).toContain(`  ${verb.name} `);
  });

  it.each(verbs.map((verb) => [verb.name, verb] as const))('explains %s', async (name, entry) => {
    const verb = 'load' in entry ? await entry.load() : entry;
    expect(verb.help.startsWith(`Usage: pulltrain ${name}`)).toBe(true);
    expect(verb.help).toContain('--json');
  });
});

describe('help of an action', () => {
  const help = async (...args: string[]) => {
    const { surroundings, said } = fakeSurroundings('/');
    return { exit: await runCommand([...args, '--help'], verbs, surroundings), ...said };
  };

  it('shows how it is called and every option of its own', async () => {
    const { exit, out } = await help('data', 'add');
    expect(exit).toBe(0);
    expect(out).toMatch(/^Usage: pulltrain data add PATH\.\.\. \[options\]\n/);
    expect(out).toMatch(/^ {2}--time COLUMN +time column/m);
    expect((await help('features', 'join')).out).toMatch(/^Usage: pulltrain features join/);
  });

  it('is there for every action, and does nothing else', async () => {
    for (const { name } of dataActions) {
      const { exit, out, err } = await help('data', name);
      expect([exit, err]).toEqual([0, '']);
      expect(out.startsWith(`Usage: pulltrain data ${name} `)).toBe(true);
    }
  });

  it('is that of the verb where there is no such action', async () => {
    expect((await help('data')).out).toMatch(/^Usage: pulltrain data <action>/);
    expect((await help('data', 'nonsense')).out).toMatch(/^Usage: pulltrain data <action>/);
  });
});
