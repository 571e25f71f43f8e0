import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Field, listFields } from './list-fields.ts';
import { readSchema, type Schema } from './read-schema.ts';
import { markdownTable, pageHead } from './table.ts';
import { documentKind } from './type-words.ts';

/** Every kind of document that stages hand over, with its fields. */
export async function renderDocuments(root: string): Promise<string> {
  const documents = await readDocuments(root);
  const parts = [
    pageHead('Documents', '`pipelines/contracts/`'),
    'Stages hand over these immutable JSON documents. Each names its `kind` and `version` and has no other fields than these.',
    'An *integrity* is `sha512-<base64>`, an *instant* is UTC in ISO 8601, a *day* is `YYYY-MM-DD`, a *commit* has 40 and a',
    '*sha256* 64 lower-case hex digits, a *status* is `pass`, `inconclusive`, `fail` or `error`.\n',
    ...documents.map(({ kind, schema }) => renderDocument(kind, schema)),
  ];
  return parts.join('\n');
}

async function readDocuments(root: string): Promise<{ kind: string; schema: Schema }[]> {
  const folder = join(root, 'pipelines/contracts');
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const modules: Record<string, unknown>[] = await Promise.all(
    files.map((file) => import(pathToFileURL(join(folder, file)).href)),
  );
  const schemas = modules
    .flatMap((module) => Object.values(module))
    // What has no `kind` is a part of a document, or written by people, and need not be JSON as it stands.
    .flatMap((value) =>
      value instanceof z.ZodObject && value.shape.kind instanceof z.ZodLiteral ? [readSchema(value, 'output')] : [],
    );
  return schemas
    .flatMap((schema) => {
      const kind = documentKind(schema);
      return kind === null ? [] : [{ kind, schema }];
    })
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

function renderDocument(kind: string, schema: Schema): string {
  const tables = listFields(schema).map(({ title, meaning, fields }) =>
    title === ''
      ? tableOf(fields)
      : `Each of \`${title}\`${meaning === '' ? '' : `, ${meaning}`}:\n\n${tableOf(fields)}`,
  );
  return `## ${kind}\n\n${schema.description ?? ''}\n\n${tables.join('\n\n')}\n`;
}

function tableOf(fields: readonly Field[]): string {
  const rows = fields.map(({ path, type, required, meaning }) => [
    `\`${path}\``,
    required ? type : `${type}, may be absent`,
    meaning,
  ]);
  return markdownTable(['field', 'value', 'meaning'], rows);
}
