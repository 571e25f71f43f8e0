import { configSchema } from '../../pipelines/config/schema.ts';
import { type Field, type FieldTable, listFields } from './list-fields.ts';
import { readSchema } from './read-schema.ts';
import { markdownTable, pageHead } from './table.ts';

/** Every key of `pulltrain.yml` with type, default and meaning. */
export function renderConfiguration(): string {
  const schema = readSchema(configSchema, 'input');
  const [own, ...variants] = listFields(schema);
  const parts = [
    pageHead('`pulltrain.yml`', '`pipelines/config/schema.ts`'),
    `${own?.meaning ?? ''} An editor checks the file and completes its keys with [the JSON schema](pulltrain.schema.json):`,
    '\n```yaml\n# yaml-language-server: $schema=docs/reference/pulltrain.schema.json\n```\n',
    'A duration is a number and `s`, `m`, `h` or `d`. A path is relative to the repository, with forward slashes.\n',
    tableOf(own?.fields ?? []),
    ...renderVariants(variants),
  ];
  return `${parts.join('\n')}\n`;
}

function renderVariants(variants: readonly FieldTable[]): string[] {
  const titles = [...new Set(variants.map(({ title }) => title))];
  return titles.flatMap((title) => [
    `\n## \`${title}\`\n\nEach is one of these:`,
    ...variants
      .filter((one) => one.title === title)
      .map(({ meaning, fields }) => `\n**${meaning}**\n\n${tableOf(fields)}`),
  ]);
}

function tableOf(fields: readonly Field[]): string {
  const rows = fields.map(({ path, type, required, fallback, meaning }) => [
    `\`${path}\``,
    type,
    required ? '**required**' : fallback === undefined ? '' : `\`${JSON.stringify(fallback)}\``,
    meaning,
  ]);
  return markdownTable(['key', 'value', 'default', 'meaning'], rows);
}
