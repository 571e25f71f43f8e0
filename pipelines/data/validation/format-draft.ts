import { stringify } from 'yaml';
import type { DraftSchema } from './infer-schema.ts';

/** The YAML text of an inferred schema, one line a column where it fits. */
export function formatDraft(draft: DraftSchema, data: string): string {
  const { columns, ...rest } = draft;
  const { undeclared, ...head } = rest;
  const lines = Object.entries(columns).map(([name, rules]) => `  ${line({ [name]: rules })}`);
  return [
    `# What ${JSON.stringify(data).slice(1, -1)} looked like when this was inferred, with some room. Read it and make it yours.`,
    stringify(head, { lineWidth: 120 }).trimEnd(),
    'columns:',
    ...lines,
    `undeclared: ${undeclared}`,
    '',
  ].join('\n');
}

function line(entry: Record<string, unknown>): string {
  const text = stringify(entry, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trimEnd();
  return text.replace(/^\{ /, '').replace(/ \}$/, '');
}
