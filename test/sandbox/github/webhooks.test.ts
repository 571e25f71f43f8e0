import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { openAppClient } from './open-app-client.ts';
import { openPlayground } from './open-playground.ts';

test('a delivery is tried once, kept, and sent again under its own name only when asked', async () => {
  await using play = await openPlayground();
  const { appId } = play.app;
  const seen: unknown[] = [];
  let status = 500;
  const receiver = createServer((request, response) => {
    seen.push(request.headers['x-github-delivery']);
    request.resume().on('end', () => response.writeHead(status).end('body'));
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  const port = typeof address === 'object' ? address?.port : 0;
  play.github.setWebhook(appId, `http://127.0.0.1:${port}/`);
  await play.as('maya').rest.issues.create({ ...play.at, title: 'x' });
  await play.github.settled();
  expect(seen).toHaveLength(1);

  const app = openAppClient(play, 'app');
  const [failed] = (await app.rest.apps.listWebhookDeliveries()).data;
  expect(failed).toMatchObject({ event: 'issues', action: 'opened', status_code: 500, redelivery: false });
  status = 200;
  await app.rest.apps.redeliverWebhookDelivery({ delivery_id: failed?.id ?? 0 });
  await play.github.settled();
  expect(seen).toEqual([failed?.guid, failed?.guid]);
  const [again] = (await app.rest.apps.listWebhookDeliveries()).data;
  expect(again).toMatchObject({ guid: failed?.guid, redelivery: true, status: 'OK' });
  const whole = await app.rest.apps.getWebhookDelivery({ delivery_id: again?.id ?? 0 });
  expect(whole.data.request.payload).toMatchObject({ installation: { id: play.app.installationId } });

  receiver.close();
  receiver.closeAllConnections();
  await play.as('maya').rest.issues.create({ ...play.at, title: 'nobody hears this' });
  await play.github.settled();
  expect((await app.rest.apps.listWebhookDeliveries()).data[0]?.status_code).toBe(502);
});

test('an App hears only what it is subscribed to, where it is installed', async () => {
  await using play = await openPlayground();
  await play.as('dana').rest.repos.createForAuthenticatedUser({ name: 'own' });
  await play.as('dana').rest.issues.create({ owner: 'dana', repo: 'own', title: 'elsewhere' });
  await play.as('maya').rest.issues.create({ ...play.at, title: 'here' });
  play.github.emit({
    name: 'workflow_run',
    action: 'completed',
    repository: play.repository,
    actor: { kind: 'user', login: 'maya', id: 1 },
    payload: { workflow_run: {} },
  });
  await play.github.settled();
  expect(play.hooks.map(({ headers }) => headers['x-github-event'])).toEqual(['issues']);
  expect(play.hooks[0]?.body).toMatchObject({
    action: 'opened',
    sender: { login: 'maya' },
    organization: { login: 'acme' },
    repository: { full_name: 'acme/flight-delays' },
  });
});

test("repository_dispatch carries its payload within GitHub's bounds", async () => {
  await using play = await openPlayground();
  const send = (payload: Record<string, unknown>) =>
    play.as('maya').rest.repos.createDispatchEvent({ ...play.at, event_type: 'retrain', client_payload: payload });
  expect((await send({ model: 'flight-delay' })).status).toBe(204);
  expect(play.events.at(-1)).toMatchObject({
    name: 'repository_dispatch',
    action: 'retrain',
    payload: { client_payload: { model: 'flight-delay' } },
  });
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, index]));
  await expect(send(many)).rejects.toMatchObject({ status: 422 });
});
