import ssri from 'ssri';
import { canonicalJson } from './canonical-json.ts';

/** The name of these bytes: `sha512-<base64>`. Text is taken as UTF-8. */
export function integrityOf(content: string | Uint8Array): string {
  return ssri
    .fromData(typeof content === 'string' ? Buffer.from(content) : content, { algorithms: ['sha512'] })
    .toString();
}

/** The name of a JSON document, whatever the order of its keys. */
export function integrityOfDocument(document: unknown): string {
  return integrityOf(canonicalJson(document));
}

/** Lower-case hex digest behind an integrity: 128 digits for sha512, 64 for sha256. */
export function integrityHex(integrity: string): string {
  return ssri.parse(integrity, { single: true }).hexDigest();
}
