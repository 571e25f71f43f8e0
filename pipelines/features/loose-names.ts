import { parse } from 'yaml';
import { z } from 'zod';

const named = z.record(z.string(), z.unknown()).catch({});
const looseSchema = z.object({ entities: named, views: named }).catch({ entities: {}, views: {} });

/** Names that a broken definition file declares, so that other files are not blamed for using them. */
export function looseNames(text: string): { entities: string[]; views: string[] } {
  try {
    const { entities, views } = looseSchema.parse(parse(text, { maxAliasCount: 100 }) ?? {});
    return { entities: Object.keys(entities), views: Object.keys(views) };
  } catch {
    return { entities: [], views: [] };
  }
}
