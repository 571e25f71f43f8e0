import type { IncomingMessage, ServerResponse } from 'node:http';

/** Bytes; GitHub sends no larger payload. */
const largest = 25 * 1024 * 1024;

type Delivery = { id: string; name: string; body: string; signature: string };

export type WebhookDoor = {
  path: string;
  /** True when the signature over the raw body is ours. */
  verify(delivery: Delivery): Promise<boolean>;
  /** Takes the delivery over; must not throw, and is not waited for. */
  accept(delivery: Delivery): void;
};

/**
 * The only route from outside. Answers at once: GitHub waits ten seconds and never repeats, and a handler's fault is
 * nothing a sender should read. 202 accepted, 400 unsigned or wrongly signed, 404, 405, 413, 415.
 */
export async function receiveWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  door: WebhookDoor,
): Promise<void> {
  const answer = (status: number, message: string): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify({ message })}\n`);
  };
  if (new URL(request.url ?? '/', 'http://localhost').pathname !== door.path) return answer(404, 'not found');
  if (request.method !== 'POST') return answer(405, 'only POST');
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/.test(type)) return answer(415, 'only application/json');
  const [name, id, signature] = ['x-github-event', 'x-github-delivery', 'x-hub-signature-256'].map(
    (header) => request.headers[header],
  );
  if (typeof name !== 'string' || typeof id !== 'string' || typeof signature !== 'string') {
    return answer(400, 'x-github-event, x-github-delivery and x-hub-signature-256 are needed');
  }
  const body = await readBody(request);
  if (body === null) {
    response.setHeader('connection', 'close');
    return answer(413, `more than ${largest} bytes`);
  }
  const delivery = { id, name, signature, body };
  if (!(await door.verify(delivery))) return answer(400, 'the signature does not match');
  answer(202, 'accepted');
  door.accept(delivery);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > largest) return null;
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}
