import { z } from 'zod';
import { integritySchema } from '../../contracts/common.ts';
import { PulltrainError } from '../../errors.ts';

/** A name inside a folder: any text but what would lead elsewhere. Names with line ends are kept as they are. */
export const entryNameSchema = z
  .string()
  .min(1)
  .max(1024)
  .refine((name) => name !== '.' && name !== '..' && !/[/\0]/.test(name), 'expected a name without "/"');

const size = z.int().nonnegative();
const fileSchema = z.strictObject({
  name: entryNameSchema,
  type: z.literal('file'),
  integrity: integritySchema,
  size,
});
const folderSchema = z.strictObject({
  name: entryNameSchema,
  type: z.literal('directory'),
  integrity: integritySchema,
  size: size.describe('Bytes of all files below.'),
  files: size.describe('Files below.'),
});
export const treeEntrySchema = z.discriminatedUnion('type', [fileSchema, folderSchema]);
export type TreeEntry = z.infer<typeof treeEntrySchema>;

/** A run of the entries of a folder too large for one object: those from `first` up to the next part. */
const partSchema = z.strictObject({ first: entryNameSchema, integrity: integritySchema, size, files: size });
export type TreePart = z.infer<typeof partSchema>;

const head = { kind: z.literal('tree'), version: z.literal(1) };
export const treeSchema = z.union([
  z.strictObject({ ...head, entries: z.array(treeEntrySchema) }),
  z.strictObject({ ...head, parts: z.array(partSchema).min(1) }),
]);
export type Tree = z.infer<typeof treeSchema>;

/** The bytes of a tree object: canonical JSON, so that equal folders have one integrity. */
export function encodeTree(content: { entries: readonly TreeEntry[] } | { parts: readonly TreePart[] }): string {
  if ('entries' in content)
    return `{"entries":[${content.entries.map(encodeItem).join(',')}],"kind":"tree","version":1}`;
  return `{"kind":"tree","parts":[${content.parts.map(encodeItem).join(',')}],"version":1}`;
}

/** What `canonicalJson` makes of an entry or part, in a fraction of its time: there may be millions. */
function encodeItem(item: TreeEntry | TreePart): string {
  const { integrity, size } = item;
  if ('first' in item) {
    return `{"files":${item.files},"first":${JSON.stringify(item.first)},"integrity":"${integrity}","size":${size}}`;
  }
  const name = JSON.stringify(item.name);
  if (item.type === 'file') return `{"integrity":"${integrity}","name":${name},"size":${size},"type":"file"}`;
  return `{"files":${item.files},"integrity":"${integrity}","name":${name},"size":${size},"type":"directory"}`;
}

/** Reads a tree object; throws `tree-invalid`, also for entries out of order, which could hide one from a search. */
export function parseTree(text: string, integrity: string): Tree {
  const invalid = (what: string, cause?: unknown) =>
    new PulltrainError('tree-invalid', { what, where: integrity, ...(cause === undefined ? {} : { cause }) });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid('not the JSON of a tree object', cause);
  }
  const tree = treeSchema.safeParse(json);
  if (!tree.success) {
    const faults = tree.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw invalid(`not a tree object: ${faults.join('; ')}`, tree.error);
  }
  const names =
    'entries' in tree.data ? tree.data.entries.map(({ name }) => name) : tree.data.parts.map((p) => p.first);
  if (names.some((name, index) => index > 0 && name <= (names[index - 1] ?? ''))) {
    throw invalid('the entries of the tree object are not in order');
  }
  return tree.data;
}
