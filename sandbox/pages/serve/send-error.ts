import type { FastifyReply } from 'fastify';
import { PageError } from '../github/page-error.ts';
import { html } from '../html/html.ts';
import { renderSiteHeader } from '../layout/render-site-header.ts';
import { sendPage } from './send-page.ts';

/** The page for what cannot be shown. Faults of ours go to the server's log and never onto the page. */
export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const known = error instanceof PageError ? error : null;
  if (known === null || known.status >= 500) reply.log.error({ err: error }, 'page not shown');
  const missing = known?.status === 404;
  const main = html`<div class="box blank missing"><p class="missing-code" aria-hidden="true">${known?.status ?? 500}</p>
<h1>${missing ? 'This is not the page you are looking for' : 'This page cannot be shown'}</h1>
<p class="muted">${known?.message ?? 'The server made a mistake; its log says which.'}</p><p><a class="button" href="/">Front page</a></p></div>`;
  const header = renderSiteHeader([{ name: 'Local GitHub', link: '/' }], null);
  return sendPage(reply, known?.status ?? 500, { title: missing ? 'Not found' : 'Error', header, main, moving: false });
}
