import type { FastifyReply } from 'fastify';
import { htmlText } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { renderDocument } from '../layout/render-document.ts';

/** Everything from this server, nothing from elsewhere; no inline scripts or styles, no forms, no frames. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .send(htmlText(renderDocument(page)));
}
