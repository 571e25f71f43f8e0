import { type Html, html } from '../html/html.ts';

/** Lines shown of one step; a longer log is cut at its beginning, as its end is what is looked for. */
const mostLines = 2000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character.
const terminalCodes = /\u001b\[[0-9;]*[A-Za-z]/g;

type Line = { tone: string; text: string };
type Group = { title: string; lines: Line[] };

/** Log lines with numbers, `##[group]` parts folded, errors and warnings coloured. */
export function renderLog(all: readonly string[]): Html {
  const skipped = Math.max(0, all.length - mostLines);
  let number = skipped;
  const row = ({ tone, text }: Line) => {
    number += 1;
    return html`<li class="log-line ${tone}" value="${number}"><span>${text === '' ? ' ' : text}</span></li>`;
  };
  const parts = groupLines(all.slice(skipped)).map((part) => {
    if ('text' in part) return row(part);
    const title = row({ tone: 'group-title', text: part.title });
    return html`<li class="log-group"><details><summary><ol>${title}</ol></summary><ol>${part.lines.map(row)}</ol></details></li>`;
  });
  return html`${skipped > 0 && html`<p class="log-note">${skipped} earlier lines are not shown.</p>`}<ol class="log-lines">${parts}</ol>`;
}

function groupLines(lines: readonly string[]): (Line | Group)[] {
  const parts: (Line | Group)[] = [];
  let group: Group | null = null;
  for (const raw of lines) {
    const line = readLine(raw);
    if (line.tone === 'group') {
      group = { title: line.text, lines: [] };
      parts.push(group);
    } else if (line.tone === 'endgroup') group = null;
    else if (group === null) parts.push(line);
    else group.lines.push(line);
  }
  return parts;
}

/** Takes the runner's timestamp and `##[...]` mark off a line. */
function readLine(raw: string): Line {
  const text = raw.replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z ?/, '').replace(terminalCodes, '');
  const mark = /^##\[(group|endgroup|error|warning|notice|debug|command|section)\](.*)$/.exec(text);
  return mark === null ? { tone: '', text } : { tone: mark[1] ?? '', text: mark[2] ?? '' };
}
