/** One line per link of the cause chain, for people. Accepts whatever was thrown, `Error` or not. */
export function describeError(thrown: unknown): string {
  const lines: string[] = [];
  let current: unknown = thrown;
  while (current !== undefined && current !== null && lines.length < 10) {
    lines.push(current instanceof Error ? current.message || current.name : String(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  if (lines.length === 0) return `thrown: ${String(thrown)}`;
  return lines.map((line, depth) => (depth === 0 ? line : `${'  '.repeat(depth)}because: ${line}`)).join('\n');
}
