export type LogCommand = { name: string; properties: Record<string, string>; message: string };

/** Reads `::name key=value,key=value::message`; null when a line is only text. */
export function parseLogCommand(line: string): LogCommand | null {
  const text = line.trimStart();
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end < 0) return null;
  const header = text.slice(2, end);
  const space = header.indexOf(' ');
  const name = space < 0 ? header : header.slice(0, space);
  if (name === '') return null;
  const properties = (space < 0 ? '' : header.slice(space + 1))
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('='))
    .map((pair) => [pair.slice(0, pair.indexOf('=')), unescapeProperty(pair.slice(pair.indexOf('=') + 1))]);
  return { name, properties: Object.fromEntries(properties), message: unescapeData(text.slice(end + 2)) };
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}
