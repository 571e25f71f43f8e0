import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Kernel, PlatformEvent } from './kernel.ts';
import type { App, Delivery, Installation, Repository, State } from './records.ts';
import { formatTimestamp } from './timestamp.ts';

/** GitHub gives a receiver ten seconds and never tries again by itself. */
const PATIENCE = 10_000;
const MOST_DELIVERIES = 1000;

export type WebhookSender = {
  /** Posts an event to every App that is installed on the repository and subscribed to it. */
  deliver(event: PlatformEvent, repository: Repository): void;
  /** Sends a kept delivery again under the same GUID. */
  redeliver(delivery: Delivery): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

export function createWebhookSender(state: State, clock: Pick<Kernel, 'now' | 'nextId'>): WebhookSender {
  const underWay = new Set<Promise<void>>();
  const stop = new AbortController();
  // A fresh connection each time: there is one attempt, and it must not meet a socket that the receiver just closed.
  const agent = new Agent({ pipelining: 0 });

  function send(app: App, delivery: Delivery): void {
    state.deliveries.unshift(delivery);
    state.deliveries.splice(MOST_DELIVERIES);
    const sent = post(app, delivery, agent, stop.signal).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }

  function prepare(app: App, installation: Installation, event: PlatformEvent, repository: Repository): Delivery {
    const guid = randomUUID();
    const body = JSON.stringify({
      ...event.payload,
      installation: { id: installation.id, node_id: node(installation) },
    });
    return {
      id: clock.nextId(),
      guid,
      appId: app.id,
      installationId: installation.id,
      repositoryId: repository.id,
      event: event.name,
      action: event.action,
      deliveredAt: formatTimestamp(clock.now()),
      redelivery: false,
      duration: 0,
      status: 'Pending',
      statusCode: 0,
      request: {
        headers: {
          accept: '*/*',
          'content-type': 'application/json',
          'user-agent': 'GitHub-Hookshot/local',
          'x-github-delivery': guid,
          'x-github-event': event.name,
          'x-github-hook-id': String(app.id),
          'x-github-hook-installation-target-id': String(app.id),
          'x-github-hook-installation-target-type': 'integration',
          'x-hub-signature-256': `sha256=${createHmac('sha256', app.webhookSecret).update(body).digest('hex')}`,
        },
        body,
      },
      response: { headers: {}, body: '' },
    };
  }

  return {
    deliver(event, repository) {
      for (const installation of state.installations.values()) {
        const app = state.apps.get(installation.appId);
        const wanted = app !== undefined && app.webhookUrl !== null && app.events.includes(event.name);
        if (!wanted || !installation.repositoryIds.has(repository.id)) continue;
        send(app, prepare(app, installation, event, repository));
      }
    },
    redeliver(delivery) {
      const app = state.apps.get(delivery.appId);
      if (app === undefined) return;
      send(app, {
        ...delivery,
        id: clock.nextId(),
        redelivery: true,
        deliveredAt: formatTimestamp(clock.now()),
        response: { headers: {}, body: '' },
      });
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async close() {
      stop.abort();
      await Promise.all(underWay);
      await agent.destroy();
    },
  };
}

async function post(app: App, delivery: Delivery, dispatcher: Agent, stop: AbortSignal): Promise<void> {
  const started = performance.now();
  try {
    const response = await request(app.webhookUrl ?? '', {
      method: 'POST',
      dispatcher,
      headers: delivery.request.headers,
      body: delivery.request.body,
      signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE)]),
    });
    const text = await response.body.text();
    delivery.statusCode = response.statusCode;
    delivery.status = response.statusCode < 400 ? 'OK' : `Invalid HTTP Response: ${response.statusCode}`;
    delivery.response = { headers: flatten(response.headers), body: text.slice(0, 65_536) };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    delivery.status = late ? 'timed out' : 'failed to connect to host';
    delivery.statusCode = late ? 504 : 502;
  }
  delivery.duration = Math.round(performance.now() - started) / 1000;
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]));
}

function node(installation: Installation): string {
  return Buffer.from(`Installation:${installation.id}`).toString('base64');
}
