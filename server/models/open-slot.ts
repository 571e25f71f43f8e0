import { createHash } from 'node:crypto';
import type { Observation } from '../../pipelines/contracts/observation.ts';
import type { Profile } from '../../pipelines/contracts/profile.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import { probabilityEdges } from '../observe/collect-scores.ts';
import { observeTraffic, type TrafficObserver } from '../observe/observe-traffic.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { type HeldVersion, holdVersion } from './hold-version.ts';
import type { ModelStore, StoredVersion } from './open-model-store.ts';

/** Everything that holds between two changes of traffic; a request keeps the one it started with. */
export type Epoch = {
  traffic: Traffic;
  since: string;
  stable: HeldVersion;
  candidate: HeldVersion | null;
  observer: TrafficObserver;
};

/** One model of the server: its versions, which of them are loaded, and who gets the traffic. */
export type Slot = {
  name: string;
  epoch(): Epoch | null;
  stored(): readonly StoredVersion[];
  loaded(): readonly HeldVersion[];
  /** Verifies, loads and keeps a version. Idempotent; throws `digest-mismatch`, `version-taken` or why it cannot be loaded. */
  add(version: StoredVersion, bytes: Uint8Array): Promise<void>;
  /** Keeps how the inputs of a version are distributed, in place of what was known. Throws `version-unknown`. */
  setProfile(version: string, profile: Profile): Promise<void>;
  profile(version: string): Promise<Profile | null>;
  /** Loads what is needed, then switches, then releases what is not. On a fault nothing has changed. */
  setTraffic(traffic: Traffic): Promise<void>;
  observe(): Observation;
  close(): Promise<void>;
};

/** Opens a model and, after a restart, serves what it served. */
export async function openSlot(name: string, store: ModelStore, clock: Clock): Promise<Slot> {
  const stored = new Map((await store.versions(name)).map((version) => [version.version, version]));
  const loaded = new Map<string, HeldVersion>();
  const retiring = new Set<Promise<void>>();
  let epoch: Epoch | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  /** Changes of one model happen one after the other. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  function requireStored(version: string): StoredVersion {
    const known = stored.get(version);
    if (known !== undefined) return known;
    throw new PulltrainError('version-unknown', {
      what: 'the version was never uploaded',
      where: name,
      seen: version,
      allowed: [...stored.keys()].join(', ') || 'none yet',
    });
  }

  async function hold(version: string): Promise<HeldVersion> {
    const current = loaded.get(version);
    if (current !== undefined && !current.isDead()) return current;
    const known = requireStored(version);
    const held = await holdVersion(known, await store.bytes(known));
    loaded.set(version, held);
    return held;
  }

  function retireAllBut(keep: readonly (string | null)[]): void {
    for (const [version, held] of loaded) {
      if (keep.includes(version)) continue;
      loaded.delete(version);
      const done = held.retire().finally(() => retiring.delete(done));
      retiring.add(done);
    }
  }

  async function enter(traffic: Traffic, since: string): Promise<Epoch> {
    const stable = await hold(traffic.stable);
    const candidate = traffic.candidate === null ? null : await hold(traffic.candidate);
    return { traffic, since, stable, candidate, observer: observerOf(traffic, stable, candidate) };
  }

  const kept = await store.traffic(name);
  // Counts are gone with the process that made them, so the observation starts now.
  if (kept !== null) epoch = await enter(kept.traffic, clock.now().toISOString());

  return {
    name,
    epoch: () => epoch,
    stored: () => [...stored.values()],
    loaded: () => [...loaded.values()],
    add: (version, bytes) =>
      inTurn(async () => {
        requireDigest(version, bytes);
        const taken = stored.get(version.version);
        if (taken !== undefined && taken.sha256 !== version.sha256) throw versionTaken(name, taken);
        if (loaded.get(version.version)?.isDead() === false) return;
        const held = await holdVersion(version, bytes);
        try {
          await store.add(name, version, bytes);
        } catch (fault) {
          await held.retire();
          throw fault;
        }
        stored.set(version.version, version);
        loaded.set(version.version, held);
      }),
    setProfile: (version, profile) =>
      inTurn(async () => {
        requireStored(version);
        await store.setProfile(name, version, profile);
      }),
    profile: (version) => store.profile(name, version),
    setTraffic: (traffic) =>
      inTurn(async () => {
        if (epoch !== null && isSame(epoch, traffic)) return;
        const before = [...loaded.keys()];
        const since = clock.now().toISOString();
        try {
          const next = await enter(traffic, since);
          await store.setTraffic(name, { since, traffic });
          epoch = next;
        } catch (fault) {
          retireAllBut(before);
          throw fault;
        }
        retireAllBut([traffic.stable, traffic.candidate]);
      }),
    observe() {
      if (epoch === null) throw noTraffic(name);
      const { traffic, since, observer } = epoch;
      const until = clock.now().toISOString();
      const { rollout, step } = traffic;
      return { kind: 'observation', version: 1, model: name, rollout, step, since, until, ...observer.read() };
    },
    async close() {
      await turn;
      epoch = null;
      retireAllBut([]);
      await Promise.all(retiring);
    },
  };
}

function observerOf(traffic: Traffic, stable: HeldVersion, candidate: HeldVersion | null): TrafficObserver {
  const seen = ({ stored }: HeldVersion) => ({ release: stored.version, sha256: stored.sha256 });
  return observeTraffic(
    {
      stable: seen(stable),
      ...(candidate !== null && traffic.weight > 0 ? { candidate: seen(candidate) } : {}),
      ...(candidate !== null && traffic.shadow ? { shadow: seen(candidate) } : {}),
    },
    traffic.scoreEdges ?? probabilityEdges,
  );
}

/** A dead thread is a reason to enter the same traffic again. */
function isSame(epoch: Epoch, traffic: Traffic): boolean {
  if (epoch.stable.isDead() || epoch.candidate?.isDead() === true) return false;
  return JSON.stringify(epoch.traffic) === JSON.stringify(traffic);
}

function requireDigest({ sha256 }: StoredVersion, bytes: Uint8Array): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual === sha256) return;
  throw new PulltrainError('digest-mismatch', {
    what: 'the bytes are not the announced ones',
    seen: actual,
    allowed: sha256,
  });
}

function versionTaken(model: string, taken: StoredVersion): PulltrainError {
  return new PulltrainError('version-taken', {
    what: 'the version exists with other bytes, and versions never change',
    where: `${model} ${taken.version}`,
    allowed: taken.sha256,
  });
}

export function noTraffic(model: string): PulltrainError {
  return new PulltrainError('model-unknown', { what: 'the model serves no traffic yet', where: model });
}
