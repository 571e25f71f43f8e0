import type { z } from 'zod';
import type { KnownNames } from './known-names.ts';
import { nearestName } from './nearest-name.ts';

type Issue = z.core.$ZodIssue;
/**
 * A sentence about one key. `key` is true when the key itself is at fault and not its value; `meant` is the key that an
 * unknown one was probably meant to be.
 */
export type DescribedIssue = { path: PropertyKey[]; message: string; key: boolean; missing?: boolean; meant?: string };

/**
 * Turns one zod issue into sentences for a reader: unknown keys are named one by one with the one that was probably
 * meant, and of a choice between shapes only the nearest shape speaks. `names` lists the keys that a path may hold.
 */
export function describeIssue(
  issue: Issue,
  seenAt: (path: readonly PropertyKey[]) => unknown,
  names: KnownNames,
): DescribedIssue[] {
  const described = (message: string): DescribedIssue[] => [{ path: [...issue.path], message, key: false }];
  if (issue.code === 'unrecognized_keys') {
    const known = names.namesAt(issue.path);
    return issue.keys.map((name) => {
      if (known.includes(name))
        return { path: [...issue.path, name], message: apart(name, seenAt(issue.path)), key: true };
      const meant = nearestName(name, known);
      const message = withMeant(`unknown key "${name}"`, name, known);
      return { path: [...issue.path, name], message, key: true, ...(meant === undefined ? {} : { meant }) };
    });
  }
  if (issue.code === 'invalid_key') {
    return [{ path: [...issue.path], message: issue.issues[0]?.message ?? 'not a name', key: true }];
  }
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.filter((branch) => branch.length > 0);
    if (branches.length === 0) return described(issue.message);
    if (seenAt(issue.path) === undefined)
      return [{ path: [...issue.path], message: 'is missing', key: true, missing: true }];
    if (branches.every((branch) => branch.every((inner) => inner.path.length === 0 && !isShapeFault(inner)))) {
      const wanted = [...new Set(branches.map((branch) => branch.map(expectation).join(' and ')))].join(' or ');
      const seen = seenAt(issue.path);
      const options = branches.flatMap(([inner]) => (inner?.code === 'invalid_value' ? inner.values.map(String) : []));
      const message = `expected ${wanted}, got ${show(seen)}`;
      if (typeof seen !== 'string') return described(message);
      const isKnown = options.length > MANY && nearestName(seen, options) !== undefined;
      return described(
        withMeant(isKnown ? `${show(seen)} is none of ${options.length} names` : message, seen, options),
      );
    }
    return describeNearest(branches, issue.path, seenAt, names);
  }
  const seen = seenAt(issue.path);
  if (seen === undefined) return [{ path: [...issue.path], message: 'is missing', key: true, missing: true }];
  if (issue.code === 'custom' || issue.code === 'invalid_format')
    return described(`${issue.message}, got ${show(seen)}`);
  const message = `expected ${expectation(issue)}, got ${show(seen)}`;
  const options = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  return described(typeof seen === 'string' ? withMeant(message, seen, options) : message);
}

/** More names than this are not listed when one of them was probably meant. */
const MANY = 12;

/** A key that belongs to another shape than the keys beside it. */
function apart(name: string, seen: unknown): string {
  const others = typeof seen === 'object' && seen !== null ? Object.keys(seen).filter((key) => key !== name) : [];
  return `"${name}" does not go together with ${others.join(', ')}`;
}

function describeNearest(
  branches: readonly (readonly Issue[])[],
  path: readonly PropertyKey[],
  seenAt: (path: readonly PropertyKey[]) => unknown,
  names: KnownNames,
): DescribedIssue[] {
  const absolute = branches.map((branch) => branch.map((inner) => ({ ...inner, path: [...path, ...inner.path] })));
  const scored = absolute.map((branch) => ({ branch, score: faultsOf(branch, seenAt) }));
  const least = Math.min(...scored.map(({ score }) => score));
  const nearest = scored.filter(({ score }) => score === least).map(({ branch }) => branch);
  const kinds = names.kindsAt(path);
  if (missingKinds(seenAt(path), kinds)) {
    return [{ path: [...path], message: `needs one of ${kinds.join(', ')}`, key: false }];
  }
  const missing = nearest.flatMap((branch) => {
    const [only, ...others] = branch;
    return only !== undefined && others.length === 0 && seenAt(only.path) === undefined
      ? [String(only.path.at(-1))]
      : [];
  });
  if (missing.length === nearest.length && missing.length > 1) {
    return [{ path: [...path], message: `needs one of ${missing.join(', ')}`, key: false }];
  }
  return (nearest[0] ?? []).flatMap((inner) => describeIssue(inner, seenAt, names));
}

/** The keys that tell shapes apart, when there is none of them and none that was probably meant: then no shape is nearer. */
function missingKinds(seen: unknown, kinds: readonly string[]): boolean {
  if (kinds.length < 2 || typeof seen !== 'object' || seen === null || Array.isArray(seen)) return false;
  return Object.keys(seen).every((name) => !kinds.includes(name) && nearestName(name, kinds) === undefined);
}

/** Fewer is nearer; a typo of a missing key and that missing key are one fault, not two. */
function faultsOf(branch: readonly Issue[], seenAt: (path: readonly PropertyKey[]) => unknown): number {
  const missing = branch.filter((inner) => seenAt(inner.path) === undefined).map((inner) => String(inner.path.at(-1)));
  return branch.reduce((sum, inner) => {
    if (inner.code !== 'unrecognized_keys') return sum + 1;
    return sum + inner.keys.filter((name) => nearestName(name, missing) === undefined).length;
  }, 0);
}

function isShapeFault(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys' || (issue.code === 'invalid_type' && issue.expected === 'object');
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(' or ');
  if (issue.code === 'invalid_type') return words[issue.expected] ?? issue.expected;
  if (issue.code === 'too_small')
    return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin)}`;
  if (issue.code === 'too_big')
    return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit(issue.origin)}`;
  return issue.message.replace(/^(Invalid input: )?expected /, '');
}

function unit(origin: string): string {
  if (origin === 'array') return ' entries';
  return origin === 'string' ? ' characters' : '';
}

const words: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function withMeant(message: string, name: string, candidates: readonly string[]): string {
  const meant = nearestName(name, candidates);
  if (meant !== undefined) return `${message}; did you mean "${meant}"?`;
  return message.startsWith('unknown key') && candidates.length > 0
    ? `${message} (allowed: ${candidates.join(', ')})`
    : message;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
