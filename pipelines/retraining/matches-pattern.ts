/** True when a path fits a pattern in which `*` stands for any characters of one path segment. */
export function matchesPattern(path: string, pattern: string): boolean {
  const source = pattern.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replace(/\*+/g, '[^/]*');
  return new RegExp(`^${source}$`).test(path);
}
