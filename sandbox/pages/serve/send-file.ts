import type { FastifyReply } from 'fastify';

const pictures: Record<string, string> = {
  gif: 'image/gif',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
};

/** Bytes of a repository, as plain text or a picture and never as a page of this server. */
export function sendFile(reply: FastifyReply, name: string, bytes: Buffer): FastifyReply {
  const kind = pictures[name.split('.').at(-1)?.toLowerCase() ?? ''];
  const other = bytes.includes(0) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
  return reply
    .headers({
      'content-type': kind ?? other,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    })
    .send(bytes);
}
