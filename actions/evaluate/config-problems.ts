import type { ConfigInvalid } from '../../pipelines/config/config-invalid.ts';
import type { Problem } from '../../pipelines/contracts/judgement.ts';

const cures = {
  'the default branch':
    'Nothing can be judged by it. Correct it there, which takes somebody who may push or merge past this check, and push again.',
  'the pull request': 'Correct it and push again: once merged, it would be the policy.',
};

/** A faulty configuration as problems: what to do about it, then every fault with its line. */
export function configProblems({ code, parts, faults }: ConfigInvalid, whose: keyof typeof cures): Problem[] {
  const file = parts.where ?? 'the configuration';
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return [
    { code, message: `${file} of ${whose} has ${count}. ${cures[whose]}` },
    ...faults.map(({ line, column, path, message }) => ({
      code,
      message: `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`,
    })),
  ];
}
