import { PulltrainError } from '../errors.ts';
import type { Definitions, FeatureService } from './definitions.ts';
import { linkItem } from './link-item.ts';
import { missingName } from './missing-name.ts';

/**
 * The service of that name, or one made of a list such as `airport_late_rates_7d:origin_late_rate_7d,weather`. Throws
 * `usage` when neither or both are given, `service-unknown`, or `features-unknown` with everything that is wrong with the list.
 */
export function pickService(
  wanted: { service?: string | undefined; features?: string | undefined },
  { services, views }: Definitions,
): FeatureService {
  if ((wanted.service === undefined) === (wanted.features === undefined)) {
    throw new PulltrainError('usage', { what: 'give one of --service and --features' });
  }
  if (wanted.service !== undefined) {
    const service = services.get(wanted.service);
    if (service !== undefined) return service;
    throw new PulltrainError('service-unknown', { what: missingName('service', wanted.service, [...services.keys()]) });
  }
  const faults: string[] = [];
  const items = (wanted.features ?? '')
    .split(',')
    .map((item) => linkItem(item.trim(), views, new Set(), (_, message) => faults.push(message)));
  if (faults.length > 0) throw new PulltrainError('features-unknown', { what: faults.join('; ') });
  return {
    name: wanted.features ?? '',
    file: '',
    description: '',
    owner: '',
    tags: [],
    items: items.filter((item) => item !== null),
  };
}
