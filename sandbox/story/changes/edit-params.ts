import { type Document, parseDocument } from 'yaml';
import { PulltrainError } from '../../../pipelines/errors.ts';

/** Edits `params.yaml` among the files given and keeps its comments; returns that one file. */
export function editParams(
  files: Readonly<Record<string, string>>,
  edit: (params: Document.Parsed) => void,
): Record<string, string> {
  const text = files['params.yaml'];
  if (text === undefined)
    throw new PulltrainError('story-broken', { what: 'no params.yaml', seen: Object.keys(files).join(', ') });
  const params = parseDocument(text);
  edit(params);
  return { 'params.yaml': params.toString({ lineWidth: 0 }) };
}
