import { join, resolve, sep } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import { carriedActions } from './unpack-carried-actions.ts';

const ourRepository = 'pulltrain/pulltrain';

export type UsesPlaces = {
  /** The checkout that `pulltrain/pulltrain` stands for. */
  actionsRoot: string;
  /** Where `unpackCarriedActions` put them. */
  carriedRoot: string;
  workspace: string;
  /** True inside one of our own composite actions, where `$/` is our repository. */
  isOurs: boolean;
};

/** The folder a `uses` names. Throws `action-refused` for whatever this runner would have to fetch. */
export function resolveUses(
  uses: string,
  { actionsRoot, carriedRoot, workspace, isOurs }: UsesPlaces,
): { folder: string; isOurs: boolean } {
  if (uses.startsWith('./')) return { folder: inside(workspace, uses, uses), isOurs: false };
  if (uses.startsWith('$/')) {
    if (isOurs) return { folder: inside(actionsRoot, uses.slice(2), uses), isOurs: true };
    throw refused(uses, '`$/` works only inside the actions of pulltrain/pulltrain here', 'Use `./` after a checkout.');
  }
  if (uses.startsWith('docker://')) throw refused(uses, 'container actions do not run here', 'Jobs run on the host.');
  const match = /^([^/@]+\/[^/@]+)(?:\/([^@]+))?@(.+)$/.exec(uses);
  if (match === null) throw refused(uses, 'this names no action', 'Write owner/repository@sha or ./path.');
  const [, repository = '', path = '', ref = ''] = match;
  if (!/^[0-9a-f]{40}$/.test(ref))
    throw refused(uses, 'an action must be pinned by its full commit sha', `Replace @${ref} by 40 hexadecimal digits.`);
  if (repository === ourRepository) return { folder: inside(actionsRoot, path, uses), isOurs: true };
  const carried = Object.keys(carriedActions).map((name) => `actions/${name}`);
  if (carried.includes(repository) && path === '')
    return { folder: join(carriedRoot, repository.slice('actions/'.length)), isOurs: false };
  throw refused(
    uses,
    'this runner does not carry the action, and it downloads none',
    `It has ${ourRepository}, ${carried.join(', ')} and actions of the checkout (./path).`,
  );
}

function inside(root: string, path: string, uses: string): string {
  const folder = resolve(root, path);
  if (folder !== resolve(root) && !folder.startsWith(join(resolve(root), sep)))
    throw refused(uses, 'the path leaves the repository', 'Name a folder inside it.');
  return folder;
}

function refused(uses: string, what: string, cure: string): PulltrainError {
  return new PulltrainError('action-refused', { what, where: `uses: ${uses}`, cure });
}
