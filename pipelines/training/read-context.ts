import posix from 'node:path/posix';
import type { Parameter } from '../contracts/run-record.ts';
import { parameterSchema } from '../contracts/run-record.ts';
import { PulltrainError } from '../errors.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import type { Context } from './interpolate.ts';
import { readParameters } from './read-parameters.ts';

/**
 * What `${...}` can name: the entries of `vars` (mappings, files, `file:key,key`) over those already known. As in DVC a
 * name may be given twice only with the same value. Throws `template-invalid` or `parameters-invalid`.
 */
export async function readContext(
  known: Context,
  vars: readonly unknown[],
  folder: string,
  tree: SourceTree,
): Promise<Context> {
  let context = known;
  for (const entry of vars) {
    if (typeof entry === 'string') {
      context = merge(context, await readVarsFile(entry, folder, tree), '');
      continue;
    }
    const mapping = parameterSchema.safeParse(entry);
    if (!mapping.success || typeof mapping.data !== 'object' || mapping.data === null || Array.isArray(mapping.data)) {
      throw new PulltrainError('template-invalid', { what: 'an entry of vars must be a file or a mapping' });
    }
    context = merge(context, mapping.data, '');
  }
  return context;
}

async function readVarsFile(entry: string, folder: string, tree: SourceTree): Promise<Context> {
  const [file = '', keys] = entry.split(':');
  const path = posix.join(folder, file);
  const values = await readParameters(tree, path);
  if (values === null) throw new PulltrainError('template-invalid', { what: `vars names ${path}, which is not there` });
  if (keys === undefined) return values;
  return Object.fromEntries(
    keys.split(',').map((key) => {
      const value = values[key.trim()];
      if (value === undefined) {
        throw new PulltrainError('template-invalid', {
          what: `${path} has no "${key.trim()}"`,
          allowed: Object.keys(values).join(', '),
        });
      }
      return [key.trim(), value];
    }),
  );
}

function merge(left: Context, right: Context, prefix: string): Context {
  const merged = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const before = Object.hasOwn(left, key) ? left[key] : undefined;
    if (before === undefined) merged[key] = value;
    else if (isMapping(before) && isMapping(value)) merged[key] = merge(before, value, `${prefix}${key}.`);
    else if (JSON.stringify(before) !== JSON.stringify(value)) {
      throw new PulltrainError('template-invalid', { what: `vars gives "${prefix}${key}" two values` });
    }
  }
  return merged;
}

function isMapping(value: Parameter): value is Context {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
