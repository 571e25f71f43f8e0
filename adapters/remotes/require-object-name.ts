import { PulltrainError } from '../../pipelines/errors.ts';

const segment = /^(?!\.{1,2}$)[a-z0-9._-]{1,200}$/;

/** Throws `object-name-invalid` for what could not be kept by every remote, or would lead out of it. */
export function requireObjectName(name: string): void {
  if (name.length <= 600 && name.split('/').every((part) => segment.test(part))) return;
  throw new PulltrainError('object-name-invalid', {
    what: 'not the name of an object',
    seen: JSON.stringify(name.slice(0, 120)),
    allowed: 'segments of a-z, 0-9, ".", "_" and "-" with "/" between them',
  });
}
