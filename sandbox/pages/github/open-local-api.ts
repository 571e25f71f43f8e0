import type { Api } from './gather.ts';

/** GETs on the local REST over HTTP, as the person whose token it is. Redirects (logs) are followed. */
export function openLocalApi(url: string, token: string): Api {
  return async (path) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' };
    const response = await fetch(`${url}${path}`, { headers });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? JSON.parse(text) : null, text };
  };
}
