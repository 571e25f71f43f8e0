import { PulltrainError } from '../../../pipelines/errors.ts';
import { evaluateCondition, evaluateExpression, evaluateToText, type Scope } from './evaluate-expression.ts';
import type { Json } from './json.ts';

type Segment = { kind: 'text'; text: string } | { kind: 'expression'; text: string };

/**
 * Replaces every `${{ }}` in a workflow's value. A string that is one expression takes its value, a mixed one becomes
 * text. Works on the values YAML gave: the official parser compiles mixed text from the raw source and so keeps a block
 * scalar's indentation, which breaks here-documents and folded commands.
 */
export function evaluateTemplate(template: Json, scope: Scope): Json {
  if (typeof template === 'string') return evaluateString(template, scope);
  if (Array.isArray(template)) return template.map((item) => evaluateTemplate(item, scope));
  if (typeof template === 'object' && template !== null)
    return Object.fromEntries(
      Object.entries(template).map(([key, value]) => [evaluateText(key, scope), evaluateTemplate(value, scope)]),
    );
  return template;
}

/** The value as the text of an environment variable, an input or a command. Null is the empty string. */
export function evaluateText(template: Json, scope: Scope): string {
  if (typeof template === 'string')
    return splitExpressions(template)
      .map((segment) => (segment.kind === 'text' ? segment.text : evaluateToText(segment.text, scope)))
      .join('');
  if (template === null) return '';
  if (typeof template === 'object')
    throw new PulltrainError('workflow-value', { what: 'text is needed here', seen: JSON.stringify(template) });
  return String(template);
}

/** A mapping of texts, such as `env` or `with`; an expression may give the whole mapping. */
export function evaluateTexts(template: Json | undefined, scope: Scope): Record<string, string> {
  const value = typeof template === 'string' ? evaluateString(template, scope) : template;
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new PulltrainError('workflow-value', { what: 'a mapping is needed here', seen: JSON.stringify(value) });
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [evaluateText(key, scope), evaluateText(item, scope)]),
  );
}

function evaluateString(template: string, scope: Scope): Json {
  const segments = splitExpressions(template);
  const [first] = segments;
  if (segments.length === 1 && first?.kind === 'expression') return evaluateExpression(first.text, scope);
  return evaluateText(template, scope);
}

/** Cuts a string at its `${{ }}`; a `}}` inside a quoted string does not end one. */
function splitExpressions(text: string): Segment[] {
  const segments: Segment[] = [];
  let position = 0;
  for (;;) {
    const start = text.indexOf('${{', position);
    if (start < 0) break;
    const end = findEnd(text, start + 3);
    if (end < 0)
      throw new PulltrainError('workflow-expression', { what: 'an expression is not closed by }}', seen: text });
    if (start > position) segments.push({ kind: 'text', text: text.slice(position, start) });
    segments.push({ kind: 'expression', text: text.slice(start + 3, end).trim() });
    position = end + 2;
  }
  if (position < text.length) segments.push({ kind: 'text', text: text.slice(position) });
  return segments;
}

function findEnd(text: string, from: number): number {
  let isQuoted = false;
  for (let index = from; index < text.length; index++) {
    if (text[index] === "'") isQuoted = !isQuoted;
    else if (!isQuoted && text.startsWith('}}', index)) return index;
  }
  return -1;
}

/** An `if` as written: with or without `${{ }}`; text around an expression makes it a string, which is always true. */
export function evaluateIf(value: Json | undefined, scope: Scope): boolean {
  const text = value === undefined || value === null ? '' : String(value);
  const segments = splitExpressions(text);
  const [first] = segments;
  if (segments.every((segment) => segment.kind === 'text')) return evaluateCondition(text, scope);
  if (segments.length === 1 && first !== undefined) return evaluateCondition(first.text, scope);
  return evaluateText(text, scope) !== '' && evaluateCondition('', scope);
}
