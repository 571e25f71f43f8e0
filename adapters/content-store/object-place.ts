import { join } from 'node:path';
import { integrityPattern } from '../../pipelines/contracts/integrity-pattern.ts';
import { PulltrainError } from '../../pipelines/errors.ts';

/**
 * The digest behind an integrity: 64 bytes of sha512 or 32 of sha256. Throws `integrity-invalid`, so that nothing else
 * becomes a path.
 */
export function digestOf(integrity: string): Buffer {
  // The usual spelling, without the search of a pattern: this runs several times for each of millions of objects.
  const isUsual = integrity.length === 95 && integrity.startsWith('sha512-') && !/[-_\s]/.test(integrity.slice(7));
  const usual = isUsual ? Buffer.from(integrity.slice(7), 'base64') : null;
  if (usual?.length === 64) return usual;
  const [, bits, base64 = ''] = integrityPattern.exec(integrity) ?? [];
  const digest = Buffer.from(base64, 'base64');
  if ((bits === '512' && digest.length === 64) || (bits === '256' && digest.length === 32)) return digest;
  throw new PulltrainError('integrity-invalid', {
    what: 'not an integrity',
    seen: integrity,
    allowed: 'sha512-<base64>',
  });
}

/** Algorithm and lower-case hex digest behind an integrity. Throws `integrity-invalid`. */
export function digestParts(integrity: string): { algorithm: 'sha512' | 'sha256'; hex: string } {
  const digest = digestOf(integrity);
  return { algorithm: digest.length === 64 ? 'sha512' : 'sha256', hex: digest.toString('hex') };
}

/** The one spelling of an integrity: padded base64 of the digest. */
export function integrityOfHex(hex: string): string {
  return `${hex.length === 64 ? 'sha256' : 'sha512'}-${Buffer.from(hex, 'hex').toString('base64')}`;
}

/** Name of an object that has a file of its own, in a store and at a remote: `sha512/ab/cdef...`. */
export function looseName(integrity: string): string {
  const { algorithm, hex } = digestParts(integrity);
  return `${algorithm}/${hex.slice(0, 2)}/${hex.slice(2)}`;
}

/** Name of a pack or its index, in a store and at a remote: `packs/ab/<64 hex digits>.pack`. */
export function packName(name: string, ending: 'pack' | 'idx'): string {
  return `packs/${name.slice(0, 2)}/${name}.${ending}`;
}

export function placeIn(root: string, name: string): string {
  return join(root, ...name.split('/'));
}
