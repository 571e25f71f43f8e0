import type { ServedService } from '../../pipelines/contracts/feature-served.ts';
import type { EntityColumns, OnlineColumn } from '../../pipelines/features/get-online-features.ts';
import { lookUpFeatures } from '../../pipelines/features/get-online-features.ts';
import { findFeatures, findService } from '../../pipelines/features/served-documents.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import type { OnlineStore } from '../../pipelines/ports/online-store.ts';

/** The online store as the server asks it: services are looked up once and remembered. */
export type FeatureSource = {
  /** A service by name; the one that a release pins when its definition is given. Throws `service-unknown`, `store-failed`. */
  service(name: string, definition?: string): Promise<ServedService>;
  /** One made of `view` and `view:feature`. */
  features(references: readonly string[]): Promise<ServedService>;
  lookUp(service: Pick<ServedService, 'items'>, entities: EntityColumns, time: number): Promise<OnlineColumn[]>;
  /** Microseconds since 1970. */
  now(): number;
  online: OnlineStore;
};

/** Milliseconds for which a service known by its name alone is remembered: its definition may move on. */
const remembered = 10_000;

export function openFeatureSource(online: OnlineStore, clock: Clock): FeatureSource {
  const known = new Map<string, { at: number; service: Promise<ServedService> }>();
  return {
    online,
    service(name, definition) {
      const key = definition === undefined ? name : `${name} ${definition}`;
      const now = clock.now().getTime();
      const found = known.get(key);
      if (found !== undefined && (definition !== undefined || now - found.at < remembered)) return found.service;
      const service = findService(online, name, definition);
      known.set(key, { at: now, service });
      service.catch(() => known.delete(key));
      return service;
    },
    features: (references) => findFeatures(online, references),
    lookUp: (service, entities, time) => lookUpFeatures(service, entities, time, online),
    now: () => clock.now().getTime() * 1000,
  };
}
