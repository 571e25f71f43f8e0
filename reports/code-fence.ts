/** Lines of somebody's output as a code block whose fence is longer than any run of backticks inside. */
export function codeFence(text: string, longest = 2000): string {
  const lines = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\p{Co}]/gu, '')
    .replace(/\n+$/, '');
  const shown = lines.length <= longest ? lines : `…${lines.slice(lines.length - longest + 1).toWellFormed()}`;
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}text\n${shown}\n${fence}`;
}
