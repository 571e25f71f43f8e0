import { branchHead } from '../adapters/github/branch-head.ts';
import { readFile } from '../adapters/github/read-file.ts';
import { ConfigInvalid } from '../pipelines/config/config-invalid.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { pointerPath } from '../pipelines/contracts/pointer.ts';
import type { EventPlace } from './events/repository-event.ts';
import type { BotPorts } from './ports.ts';
import { configFile } from './read-config.ts';

/**
 * Whether the default branch has had another configuration, or other bytes for the holdout, since the commit that a
 * judgement was made with. One call while that commit is still the newest, five at most.
 */
export async function isOutdated(
  { model, evaluated }: Judgement,
  place: EventPlace,
  { github }: Pick<BotPorts, 'github'>,
): Promise<boolean> {
  const { owner, repo, defaultBranch } = place;
  const head = await branchHead(github, { owner, repo, branch: defaultBranch });
  if (head === evaluated.policyCommit) return false;
  const read = (path: string) =>
    Promise.all([evaluated.policyCommit, head].map((commit) => readFile(github, place, path, commit)));
  const [then, now] = await read(configFile);
  if (then !== now) return true;
  const holdout = holdoutOf(now ?? null, model);
  if (holdout === null) return false;
  const [thenData, nowData] = await read(pointerPath(holdout));
  return thenData !== nowData;
}

function holdoutOf(config: string | null, model: string): string | null {
  try {
    const models = config === null ? {} : parseConfig(config, configFile).models;
    return (Object.hasOwn(models, model) ? models[model]?.holdout.data : undefined) ?? null;
  } catch (thrown) {
    // Equal faults are judged equally: as an error, whose checks tell them.
    if (thrown instanceof ConfigInvalid) return null;
    throw thrown;
  }
}
