import { join } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import { integrityPattern } from '../../pipelines/integrity-pattern.ts';

/** Algorithm and lower-case hex digest behind an integrity. Throws `integrity-invalid`, so that nothing else becomes a path. */
export function digestParts(integrity: string): { algorithm: 'sha512' | 'sha256'; hex: string } {
  const [, bits, base64 = ''] = integrityPattern.exec(integrity) ?? [];
  const hex = Buffer.from(base64, 'base64').toString('hex');
  if (bits === '512' && hex.length === 128) return { algorithm: 'sha512', hex };
  if (bits === '256' && hex.length === 64) return { algorithm: 'sha256', hex };
  throw new PulltrainError('integrity-invalid', {
    what: 'not an integrity',
    seen: integrity,
    allowed: 'sha512-<base64>',
  });
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
