/** A table for a terminal: columns side by side, numbers to the right, long cells cut. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[], widest = 60): string {
  const lines = [head, ...rows].map((row) => row.map((cell) => cutCell(cell, widest)));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const right = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^$|^[-+]?[\d.]+(e[-+]\d+)?$/.test(row[column] ?? '')),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => (right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One line without control characters, which a stranger's text may hold. */
function cutCell(text: string, widest: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must not reach a terminal.
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return plain.length <= widest ? plain : `${plain.slice(0, widest - 1)}…`;
}
