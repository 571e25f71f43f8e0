/**
 * Markdown that the owners of the repository wrote for their card: lists, emphasis, links and code stay. It cannot open HTML,
 * a heading or a metadata header of its own, mention anybody, or leave a code block open over what follows.
 */
export function ownText(text: string): string {
  const lines = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\p{Co}]/gu, '')
    .trim()
    .split('\n');
  const shown = lines.map((line) =>
    line
      .replaceAll('<', '&lt;')
      .replaceAll('@', '@&#8203;')
      .replace(/^(\s{0,3})#{1,6}\s+(.*?)\s*#*$/, '$1**$2**')
      .replace(/^(\s{0,3})([-=_*])(\s*\2)*\s*$/, (rule) => (/^\s*[-*]\s+\S/.test(rule) ? rule : '')),
  );
  const open = openFence(shown);
  return [...shown, ...(open === null ? [] : [open])].join('\n');
}

/** The fence that closes a code block which is still open at the end; null when none is. */
function openFence(lines: readonly string[]): string | null {
  let open: string | null = null;
  for (const line of lines) {
    const fence = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) continue;
    if (open === null) open = fence;
    else if (fence.startsWith(open)) open = null;
  }
  return open;
}
