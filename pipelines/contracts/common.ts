import { z } from 'zod';
import { integrityPattern } from './integrity-pattern.ts';

/** Subresource-integrity string, the name of any content: `sha512-<base64>` (sha256 accepted). */
export const integritySchema = z
  .string()
  .regex(integrityPattern, 'expected sha512-<base64>')
  .meta({ title: 'integrity' });
/** The only name that DVC gives its data: `md5-<base64>`. It tells changes, and withstands no forger. */
export const dvcIntegritySchema = z
  .string()
  .regex(/^md5-[A-Za-z0-9+/]{22}==$/, 'expected md5-<base64>')
  .meta({ title: 'digest of DVC' });
/** 40 lower-case hex digits. */
export const gitShaSchema = z
  .string()
  .regex(/^[0-9a-f]{40}$/, 'expected 40 hex digits')
  .meta({ title: 'commit' });
/** 64 lower-case hex digits; what GitHub prints as an asset digest. */
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits')
  .meta({ title: 'sha256' });
/** UTC instant, ISO 8601 with `Z`. */
export const timestampSchema = z.iso.datetime().meta({ title: 'instant' });
/** Calendar day, `YYYY-MM-DD`. */
export const daySchema = z.iso.date().meta({ title: 'day' });
export const modelNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected lower-case letters, digits, ".", "_" or "-", 64 at most')
  .meta({ title: 'model name' });
/** `1.2.3` */
export const versionSchema = z
  .string()
  .regex(/^\d+\.\d+\.\d+$/, 'expected MAJOR.MINOR.PATCH')
  .meta({ title: 'version' });
/** `owner/name` */
export const repositorySchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, 'expected owner/name')
  .meta({ title: 'repository' });
/** Path inside a repository: relative, forward slashes, no `..`, no control characters. */
export const repositoryPathSchema = z
  .string()
  .min(1)
  .max(1024)
  .refine(isInsidePath, 'expected a relative path inside the repository')
  .meta({ title: 'path' });

/** In order of badness: pass < inconclusive < fail < error. */
export const statusSchema = z.enum(['pass', 'inconclusive', 'fail', 'error']).meta({ title: 'status' });
export type Status = z.infer<typeof statusSchema>;

/** Two-sided interval; `level` is its coverage in 0..1. */
export const intervalSchema = z.strictObject({ low: z.number(), high: z.number(), level: z.number().gt(0).lt(1) });
export type Interval = z.infer<typeof intervalSchema>;

function isInsidePath(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must be refused.
  if (path.startsWith('/') || path.includes('\\') || /[\u0000-\u001f\u007f]/.test(path)) return false;
  return !path.split('/').some((part) => part === '..' || part === '');
}
