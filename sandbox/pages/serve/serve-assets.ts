import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** The stylesheet, the script and the icon. No account can be called `-`, so nobody's page is hidden by them. */
export function serveAssets(server: FastifyInstance): void {
  const files = [
    { path: '/-/pages.css', type: 'text/css; charset=utf-8', file: new URL('../assets/pages.css', import.meta.url) },
    { path: '/-/live.js', type: 'text/javascript; charset=utf-8', file: new URL('../assets/live.js', import.meta.url) },
    { path: '/-/icon.svg', type: 'image/svg+xml', file: new URL('../assets/icon.svg', import.meta.url) },
  ];
  for (const { path, type, file } of files) {
    const bytes = readFileSync(file);
    server.get(path, (_request, reply) =>
      reply
        .headers({ 'content-type': type, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' })
        .send(bytes),
    );
  }
}
