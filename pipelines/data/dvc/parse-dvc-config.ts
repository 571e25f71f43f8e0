/** Values by section and lower-case key. A section of a remote is called `remote "<name>"`. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * The INI text of `.dvc/config` and of AWS credential files. Quotes around a value or a section are taken off; text after
 * ` #` is a comment, as is a line that begins with `#` or `;`. Lines that are neither a section nor a value are skipped.
 */
export function parseDvcConfig(text: string): IniSections {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const section = /^\[(.*)\]\s*(?:[#;].*)?$/.exec(line)?.[1];
    if (section !== undefined) {
      const name = unquote(section.trim());
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 1) continue;
    current.set(unquote(line.slice(0, equals).trim()).toLowerCase(), readValue(line.slice(equals + 1).trim()));
  }
  return sections;
}

function readValue(text: string): string {
  const quoted = /^(?:"([^"]*)"|'([^']*)')\s*(?:#.*)?$/.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? '';
  return text.replace(/\s+#.*$/, '');
}

function unquote(text: string): string {
  return (
    /^(?:"(.*)"|'(.*)')$/
      .exec(text)
      ?.slice(1)
      .find((part) => part !== undefined) ?? text
  );
}
