import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** The parts of the one stylesheet, in the order in which they override each other. */
const styles = [
  'theme',
  'base',
  'header',
  'pieces',
  'lists',
  'markdown',
  'repository',
  'diff',
  'conversation',
  'actions',
  'log',
  'releases',
  'front',
  'narrow',
];

/** The stylesheet, the script and the icon. No account can be called `-`, so nobody's page is hidden by them. */
export function serveAssets(server: FastifyInstance): void {
  serve(
    server,
    '/-/pages.css',
    'text/css; charset=utf-8',
    styles.map((name) => readText(new URL(`../assets/styles/${name}.css`, import.meta.url))).join('\n'),
  );
  serve(
    server,
    '/-/live.js',
    'text/javascript; charset=utf-8',
    readText(new URL('../assets/live.js', import.meta.url)),
  );
  serve(server, '/-/icon.svg', 'image/svg+xml', readText(new URL('../assets/icon.svg', import.meta.url)));
}

function serve(server: FastifyInstance, path: string, type: string, text: string): void {
  const headers = { 'content-type': type, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
  server.get(path, (_request, reply) => reply.headers(headers).send(text));
}

function readText(file: URL): string {
  return readFileSync(file, 'utf8');
}
