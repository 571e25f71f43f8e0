import { alternativesOf, asSchema, type Schema } from './read-schema.ts';

/** Kind of a document (`judgement`), when the schema is one. */
export function documentKind(schema: Schema): string | null {
  const kind = asSchema(schema.properties?.kind).const;
  return typeof kind === 'string' ? kind : null;
}

/** What a value may be, in words: ``list of `drift` or `command` ``, `whole number, at least 1`. */
export function typeWords(schema: Schema): string {
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 1) return orList(unique(alternatives.map(typeWords)));
  if (schema.title !== undefined) return schema.title;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return orList(schema.enum.map(code));
  if (schema.$ref !== undefined) return 'any value';
  if (schema.type === 'array') return `list of ${typeWords(onlySchema(schema.items))}`;
  if (schema.type === 'object') return objectWords(schema);
  if (schema.type === 'integer' || schema.type === 'number') return numberWords(schema);
  if (schema.type === 'string') return schema.pattern === undefined ? 'text' : `text like ${code(schema.pattern)}`;
  if (Array.isArray(schema.type)) return orList(schema.type.map((type) => typeWords({ type })));
  return schema.type === 'boolean' ? '`true` or `false`' : (schema.type ?? 'any value');
}

function objectWords(schema: Schema): string {
  const kind = documentKind(schema);
  if (kind !== null) return `document [${kind}](#${kind})`;
  const values = schema.additionalProperties;
  return typeof values === 'object' ? `map of name to ${typeWords(values)}` : 'object';
}

function numberWords(schema: Schema): string {
  const whole = schema.type === 'integer';
  const { exclusiveMinimum: above, minimum: least, exclusiveMaximum: below, maximum: most } = schema;
  const limits = [
    // Above 0 in whole numbers reads better as at least 1.
    typeof above === 'number' && (whole ? `at least ${above + 1}` : `more than ${above}`),
    least !== undefined && `at least ${least}`,
    typeof below === 'number' && `less than ${below}`,
    most !== undefined && `at most ${most}`,
  ].filter((limit) => limit !== false);
  return [whole ? 'whole number' : 'number', ...limits].join(', ');
}

function onlySchema(items: Schema['items']): Schema {
  return Array.isArray(items) ? {} : asSchema(items);
}

function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
