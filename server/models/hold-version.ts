import type { StoredVersion } from './open-model-store.ts';
import { type RunningModel, startModel } from './start-model.ts';

/** A loaded version and who is using it. */
export type HeldVersion = {
  stored: StoredVersion;
  model: RunningModel;
  /** True once its thread has died by itself. */
  isDead(): boolean;
  /** Runs `work` with the model kept in memory until the work is done. */
  use<Result>(work: (model: RunningModel) => Promise<Result>): Promise<Result>;
  /** No new users come; the model is released when the last one is done. Resolves then. */
  retire(): Promise<void>;
};

/** Loads one version. Releasing a session that is running is an error of the runtime, hence the count of users. */
export async function holdVersion(stored: StoredVersion, bytes: Uint8Array): Promise<HeldVersion> {
  let dead = false;
  let users = 0;
  let release: (() => void) | null = null;
  const model = await startModel(bytes, () => {
    dead = true;
  });
  return {
    stored,
    model,
    isDead: () => dead,
    async use(work) {
      users += 1;
      try {
        return await work(model);
      } finally {
        users -= 1;
        if (users === 0) release?.();
      }
    },
    async retire() {
      if (users > 0) await new Promise<void>((resolve) => (release = resolve));
      await model.close();
    },
  };
}
