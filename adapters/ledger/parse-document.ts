import { PulltrainError } from '../../pipelines/errors.ts';

/** The JSON of one document of the ledger. Throws `ledger-corrupt`. */
export function parseDocument(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PulltrainError('ledger-corrupt', { what: 'not JSON', where: path, cause });
  }
}
