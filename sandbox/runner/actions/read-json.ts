import { PulltrainError } from '../../../pipelines/errors.ts';

// Without a schema library: loading one takes longer than the rest of these small programs.

/** The fields of a JSON object; of anything else none. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function textField(value: unknown, name: string): string {
  const field = fieldsOf(value)[name];
  if (typeof field === 'string') return field;
  throw new PulltrainError('answer-invalid', {
    what: 'the answer lacks a text',
    where: name,
    seen: JSON.stringify(field),
  });
}

export function numberField(value: unknown, name: string): number {
  const field = fieldsOf(value)[name];
  if (typeof field === 'number') return field;
  throw new PulltrainError('answer-invalid', {
    what: 'the answer lacks a number',
    where: name,
    seen: JSON.stringify(field),
  });
}
