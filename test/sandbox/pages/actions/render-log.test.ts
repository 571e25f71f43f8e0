import { expect, test } from 'vitest';
import { renderLog } from '../../../../sandbox/pages/actions/render-log.ts';
import { htmlText } from '../../../../sandbox/pages/html/html.ts';

const render = (...lines: string[]) => htmlText(renderLog(lines));

test('times and terminal colours are taken off, marks become tones, groups fold', () => {
  const shown = render(
    '2026-11-21T10:17:00.1234567Z ##[group]Run tests',
    '\u001b[32mok\u001b[0m',
    '##[endgroup]',
    '##[error]<broken>',
  );
  expect(shown).toContain('<li class="log-line group-title" value="1"><span>Run tests</span></li>');
  expect(shown).toContain('<li class="log-line " value="2"><span>ok</span></li></ol></details>');
  expect(shown).toContain('<li class="log-line error" value="3"><span>&lt;broken&gt;</span></li>');
});

test('a group that nobody closed still shows its lines', () => {
  expect(render('##[group]Open', 'inside')).toContain('inside');
});

test('a very long log keeps its end and says how much is missing', () => {
  const shown = render(...Array.from({ length: 2500 }, (_, index) => `line ${index + 1}`));
  expect(shown).toContain('500 earlier lines are not shown');
  expect(shown).not.toContain('>line 500<');
  expect(shown).toContain('value="2500"><span>line 2500</span>');
});
