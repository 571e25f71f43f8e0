import type { FastifyReply } from 'fastify';

const pictures: Record<string, string> = {
  gif: 'image/gif',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
};

/**
 * Bytes of a repository, as plain text or a picture and never as a page of this server; of an artifact, also as a page that
 * may run nothing and knows nothing of this server.
 */
export function sendFile(
  reply: FastifyReply,
  name: string,
  bytes: Buffer,
  { asPage = false }: { asPage?: boolean } = {},
): FastifyReply {
  const ending = name.split('.').at(-1)?.toLowerCase() ?? '';
  const kind = asPage && ending === 'html' ? 'text/html; charset=utf-8' : pictures[ending];
  const other = bytes.includes(0) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
  return reply
    .headers({
      'content-type': kind ?? other,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    })
    .send(bytes);
}
