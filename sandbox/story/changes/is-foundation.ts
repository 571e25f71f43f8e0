const foundation = ['.gitignore', 'README.md', 'pulltrain.yml'];

/** Whether a file of the example is there before the first pull request; everything else makes the first model. */
export function isFoundation(path: string): boolean {
  return foundation.includes(path) || path.startsWith('.github/');
}
