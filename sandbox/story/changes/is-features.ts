/** Whether a file of the example defines features; the second pull request brings them. */
export function isFeatures(path: string): boolean {
  return path.startsWith('features/');
}
