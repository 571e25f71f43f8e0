import { alternativesOf, asSchema, type Schema } from './read-schema.ts';
import { documentKind, typeWords } from './type-words.ts';

/** One row of a table of the reference. */
export type Field = { path: string; type: string; required: boolean; fallback: unknown; meaning: string };
/** A table of fields; `title` is empty for the fields of the thing itself. */
export type FieldTable = { title: string; meaning: string; fields: Field[] };

/**
 * The fields of an object and of everything inside it, by dotted path (`[]` for the items of a list, `<name>` for the
 * keys of a map). Where several shapes are allowed, each gets a table of its own. Documents inside are only named.
 */
export function listFields(schema: Schema): FieldTable[] {
  const own: FieldTable = { title: '', meaning: schema.description ?? '', fields: [] };
  const variants = collect(schema, '', own.fields);
  return [own, ...variants];
}

function collect(schema: Schema, prefix: string, fields: Field[]): FieldTable[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, position]) => {
    const value = asSchema(position);
    const path = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true;
    fields.push({ path, type: typeWords(value), required, fallback: value.default, meaning: value.description ?? '' });
    return collectInside(value, path, fields);
  });
}

function collectInside(schema: Schema, path: string, fields: Field[]): FieldTable[] {
  const shapes = alternativesOf(schema).filter((one) => isOpened(one));
  const [only] = shapes;
  if (only === undefined) return [];
  if (shapes.length === 1) return open(only, path, fields);
  return shapes.flatMap((shape) => {
    const table: FieldTable = { title: path, meaning: shape.description ?? '', fields: [] };
    return [table, ...collect(shape, '', table.fields)];
  });
}

function open(schema: Schema, path: string, fields: Field[]): FieldTable[] {
  if (schema.type === 'array') return collectInside(itemsOf(schema), `${path}[]`, fields);
  if (schema.properties !== undefined) return collect(schema, `${path}.`, fields);
  return collectInside(asSchema(schema.additionalProperties), `${path}.<name>`, fields);
}

/** Whether there is anything to list inside: an object that is no document of its own, or a list or map of such. */
function isOpened(schema: Schema): boolean {
  if (schema.type === 'array') return alternativesOf(itemsOf(schema)).some(isOpened);
  if (schema.type !== 'object' || documentKind(schema) !== null) return false;
  if (schema.properties !== undefined) return true;
  return alternativesOf(asSchema(schema.additionalProperties)).some(isOpened);
}

function itemsOf(schema: Schema): Schema {
  return Array.isArray(schema.items) ? {} : asSchema(schema.items);
}
