import { posix } from 'node:path';
import { readFile } from '../adapters/github/read-file.ts';
import { listOwnIssues } from '../adapters/issues/list-own-issues.ts';
import type { ModelConfig } from '../pipelines/config/schema.ts';
import { pointerPath } from '../pipelines/contracts/pointer.ts';
import { parsePointer } from '../pipelines/data/parse-pointer.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { matchesPattern } from '../pipelines/retraining/matches-pattern.ts';
import type { EarlierRetrain, Snapshot } from '../pipelines/retraining/plan-retrain.ts';
import { parseRetrainMarker, retrainLabel } from '../pipelines/retraining/retrain-marker.ts';
import type { EventPlace } from './events/repository-event.ts';
import type { BotPorts } from './ports.ts';

/** Pointers that are opened, newest names first: snapshots pile up, and only the newest counts. */
const mostPointers = 12;

export type RepositoryFacts = {
  /** Commit of the default branch everything was read at. */
  commit: string;
  parametersPath: string;
  parameters: string;
  snapshots: Snapshot[];
};

/** What the default branch says about a model's data and parameters, all at one commit. */
export async function readRetrainFacts(
  place: EventPlace,
  model: ModelConfig,
  ports: BotPorts,
): Promise<RepositoryFacts> {
  const { owner, repo, defaultBranch } = place;
  const { git } = ports.github.rest;
  const ref = await git.getRef({ owner, repo, ref: `heads/${defaultBranch}` });
  const commit = ref.data.object.sha;
  const parametersPath = posix.join(posix.dirname(model.pipeline), 'params.yaml');
  const parameters = await readFile(ports.github, place, parametersPath, commit);
  if (parameters === null) {
    throw new PulltrainError('parameters-missing', {
      what: 'the file is not on the default branch',
      where: parametersPath,
    });
  }
  const pattern = model.retrain?.snapshot?.data;
  if (pattern === undefined) return { commit, parametersPath, parameters, snapshots: [] };
  const tree = await git.getTree({ owner, repo, tree_sha: commit, recursive: 'true' });
  const paths = tree.data.tree
    .filter(({ type, path }) => type === 'blob' && matchesPattern(path, pointerPath(pattern)))
    .map(({ path }) => path)
    .sort((left, right) => right.localeCompare(left, 'en', { numeric: true }))
    .slice(0, mostPointers);
  const snapshots = await Promise.all(
    paths.map(async (path) => toSnapshot(path, (await readFile(ports.github, place, path, commit)) ?? '')),
  );
  return { commit, parametersPath, parameters, snapshots };
}

/** Retraining pull requests of a model that the App has opened. */
export async function readEarlierRetrains(
  place: EventPlace,
  model: string,
  { github, author }: BotPorts,
): Promise<EarlierRetrain[]> {
  const { owner, repo } = place;
  const issues = await listOwnIssues(github, { owner, repo }, retrainLabel, author);
  return issues.flatMap(({ number, open, createdAt, pullRequest, body }) => {
    const marker = parseRetrainMarker(body);
    if (!pullRequest || marker?.model !== model) return [];
    return [{ number, open, openedAt: createdAt, cause: marker.cause, issue: marker.issue }];
  });
}

function toSnapshot(path: string, text: string): Snapshot {
  const { table } = parsePointer(text, path);
  return {
    path: path.slice(0, -pointerPath('').length),
    days: table?.time === undefined ? null : { from: table.time.from, to: table.time.to },
  };
}
