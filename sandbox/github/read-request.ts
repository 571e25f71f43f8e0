import type { z } from 'zod';
import { ApiError, type RouteContext } from './kernel.ts';

/** The body by its schema; every fault is listed in one 422. Unknown keys are ignored, as GitHub does. */
export function readBody<S extends z.ZodType>(context: RouteContext, schema: S): z.infer<S> {
  const parsed = schema.safeParse(context.request.body ?? {});
  if (parsed.success) return parsed.data;
  throw new ApiError(
    422,
    'Validation Failed',
    parsed.error.issues.map((issue) => ({
      resource: 'Request',
      field: issue.path.join('.'),
      code: valueAt(context.request.body, issue.path) === undefined ? 'missing_field' : 'invalid',
      message: issue.message,
    })),
  );
}

export function parameter(context: RouteContext, name: string): string {
  const value = record(context.request.params)[name];
  if (typeof value !== 'string' || value === '') throw new ApiError(404, 'Not Found');
  return value;
}

/** A number in the path; anything else names nothing. */
export function numberParameter(context: RouteContext, name: string): number {
  const text = parameter(context, name);
  if (!/^\d{1,15}$/.test(text)) throw new ApiError(404, 'Not Found');
  return Number(text);
}

export function query(context: RouteContext, name: string): string | null {
  const value = record(context.request.query)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new ApiError(404, 'Not Found');
  return value;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inner, key) => record(inner)[String(key)], value);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
