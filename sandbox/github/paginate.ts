import type { RouteContext } from './kernel.ts';
import { query } from './read-request.ts';

/** The asked page of a list; sets the `Link` header that clients follow. 30 a page, at most 100. */
export function paginate<T>(context: RouteContext, items: readonly T[]): T[] {
  const size = Math.min(100, positive(query(context, 'per_page'), 30));
  const page = positive(query(context, 'page'), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const links = [
    page > 1 && link(context, Math.min(page - 1, last), 'prev'),
    page < last && link(context, page + 1, 'next'),
    page < last && link(context, last, 'last'),
    page > 1 && link(context, 1, 'first'),
  ].filter((text) => text !== false);
  if (links.length > 0) context.reply.header('link', links.join(', '));
  return items.slice((page - 1) * size, page * size);
}

function link(context: RouteContext, page: number, relation: string): string {
  const url = new URL(context.request.url, `http://${context.request.headers.host ?? 'localhost'}`);
  url.searchParams.set('page', String(page));
  return `<${url.href}>; rel="${relation}"`;
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
