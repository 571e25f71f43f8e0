import { Agent, interceptors, request } from 'undici';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { readResuming } from './read-resuming.ts';
import { requireObjectName } from './require-object-name.ts';
import { skipBytes } from './skip-bytes.ts';

/** Objects below a web address, for reading only: a web server can neither list nor take them. */
export function openHttpRemote(url: string, headers: Readonly<Record<string, string>> = {}): ObjectRemote {
  const base = url.replace(/\/+$/, '');
  const address = base.replace(/\/\/[^/@]*@/, '//***@');

  const refused = (what: string, status: number) =>
    new PulltrainError('remote-failed', {
      what,
      where: address,
      seen: `HTTP ${status}`,
      ...(status === 401 || status === 403
        ? { cure: 'Set user and password of the remote in .dvc/config.local.' }
        : {}),
    });
  const readOnly = () =>
    new PulltrainError('remote-failed', { what: 'a web address can only be read', where: address });
  const failed = (cause: unknown) =>
    cause instanceof PulltrainError
      ? cause
      : new PulltrainError('remote-failed', {
          what: 'the remote cannot be reached',
          where: address,
          cause,
          cure: 'Check the address and the network, then run the command again: what has arrived stays.',
        });

  const dispatcher = new Agent({ connect: { timeout: 10_000 }, bodyTimeout: 60_000, headersTimeout: 60_000 }).compose(
    interceptors.redirect({ maxRedirections: 5 }),
    // Server errors, and connections that could not be made; reading itself goes on where it broke.
    interceptors.retry({ maxRetries: 4, minTimeout: 100, methods: ['HEAD'] }),
  );

  async function ask(method: 'GET' | 'HEAD', name: string, more: Record<string, string> = {}) {
    requireObjectName(name);
    return request(`${base}/${name}`, { dispatcher, method, headers: { ...headers, ...more } });
  }

  return {
    address,

    async size(name) {
      try {
        const { statusCode, headers: answer, body } = await ask('HEAD', name);
        await body.dump();
        if (statusCode === 404) return null;
        if (statusCode !== 200) throw refused(`cannot look for ${name}`, statusCode);
        return Number(answer['content-length']);
      } catch (cause) {
        throw failed(cause);
      }
    },

    // biome-ignore lint/correctness/useYield: there is nothing to yield.
    async *list() {
      throw new PulltrainError('remote-failed', { what: 'a web address cannot be listed', where: address });
    },

    async *read(name, range = { start: 0 }) {
      if (range.end !== undefined && range.end <= range.start) return;
      try {
        yield* readResuming(range, async ({ start, end, version }) => {
          const isWhole = start === 0 && end === undefined;
          const {
            statusCode,
            headers: answer,
            body,
          } = await ask('GET', name, {
            ...(isWhole ? {} : { range: `bytes=${start}-${end === undefined ? '' : end - 1}` }),
            ...(version === undefined ? {} : { 'if-match': version }),
          });
          if (statusCode === 200 || statusCode === 206) {
            const length = Number(answer['content-length'] ?? Number.NaN);
            const tag = answer.etag;
            // A server without ranges sends all of it.
            const isAll = statusCode === 200;
            const last = Number.isNaN(length) ? null : isAll ? length : start + length;
            return {
              bytes: isAll && !isWhole ? skipBytes(body, start, end) : body,
              end: end === undefined || last === null ? last : Math.min(end, last),
              ...(typeof tag === 'string' && !tag.startsWith('W/') ? { version: tag } : {}),
            };
          }
          await body.dump();
          if (statusCode === 416) return null;
          if (statusCode === 429 || statusCode >= 500) throw new Error(`HTTP ${statusCode}`);
          if (statusCode !== 404) throw refused(`cannot read ${name}`, statusCode);
          throw new PulltrainError('object-missing', { what: `the remote has no ${name}`, where: address });
        });
      } catch (cause) {
        throw failed(cause);
      }
    },

    async write() {
      throw readOnly();
    },

    async remove() {
      throw readOnly();
    },
  };
}
