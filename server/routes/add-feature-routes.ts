import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { getOnlineFeatures } from '../../pipelines/features/get-online-features.ts';
import { parseMoment } from '../../pipelines/features/moments.ts';
import type { FeatureSource } from '../features/open-feature-source.ts';
import { requestInvalid } from '../protocol/request-invalid.ts';

/** Bytes of one request. */
const bodyLimit = 8 * 2 ** 20;
/** Entity rows of one request. */
const mostRows = 10_000;

const value = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]);
const bodySchema = z
  .strictObject({
    feature_service: z.string().max(200).optional(),
    features: z.array(z.string().max(500)).min(1).max(500).optional(),
    entities: z.record(z.string(), z.array(value).min(1).max(mostRows)),
    time: z.string().optional(),
  })
  .refine((body) => (body.feature_service === undefined) !== (body.features === undefined), {
    message: 'give one of feature_service and features',
  });

/** `POST /get-online-features`: the newest features of many entities, column by column. */
export function addFeatureRoutes(app: FastifyInstance, source: FeatureSource): void {
  app.post('/get-online-features', { bodyLimit }, async (request) => {
    const parsed = bodySchema.safeParse(request.body);
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
      throw requestInvalid('not a request for online features', faults.slice(0, 10).join('; '));
    }
    const { feature_service: name, features = [], entities, time } = parsed.data;
    const moment = time === undefined ? source.now() : parseMoment(time);
    if (moment === null) throw requestInvalid('time is no time', time, 'ISO 8601, e.g. 2001-03-31T06:00:00Z');
    const service = name === undefined ? await source.features(features) : await source.service(name);
    return getOnlineFeatures(service, entities, moment, source.online);
  });
}
