import type { WebhookSender } from '../deliver-webhooks.ts';
import type { RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import type { Platform } from '../platform.ts';
import { found, numberParameter } from '../read-request.ts';
import type { Delivery } from '../records.ts';
import { callingApp } from './apps.ts';

/** The webhooks an App was sent, and sending one again. */
export function mountDeliveries(platform: Platform, webhooks: WebhookSender): void {
  const { kernel, state } = platform;
  const own = (context: RouteContext): Delivery[] =>
    state.deliveries.filter(({ appId }) => appId === callingApp(platform, context).id);
  const one = (context: RouteContext): Delivery =>
    found(own(context).find(({ id }) => id === numberParameter(context, 'delivery_id')));

  kernel.route({
    method: 'GET',
    path: '/app/hook/deliveries',
    needs: 'app-jwt',
    handler: async (context) => paginate(context, own(context)).map(summary),
  });

  kernel.route({
    method: 'GET',
    path: '/app/hook/deliveries/:delivery_id',
    needs: 'app-jwt',
    async handler(context) {
      const delivery = one(context);
      return {
        ...summary(delivery),
        request: { headers: delivery.request.headers, payload: JSON.parse(delivery.request.body) },
        response: { headers: delivery.response.headers, payload: delivery.response.body },
      };
    },
  });

  kernel.route({
    method: 'POST',
    path: '/app/hook/deliveries/:delivery_id/attempts',
    needs: 'app-jwt',
    async handler(context) {
      webhooks.redeliver(one(context));
      context.reply.code(202);
      return {};
    },
  });
}

function summary(delivery: Delivery): Record<string, unknown> {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}
