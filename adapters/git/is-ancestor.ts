import { headSha } from './head-sha.ts';
import { mergeBase } from './merge-base.ts';

/** True when `descendant` holds the whole history of `ancestor`, itself included. */
export async function isAncestor(directory: string, ancestor: string, descendant: string): Promise<boolean> {
  const [base, sha] = await Promise.all([mergeBase(directory, ancestor, descendant), headSha(directory, ancestor)]);
  return base === sha;
}
