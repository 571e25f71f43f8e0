/** The check a repository requires: one per model, bound to the App. */
export function checkName(model: string): string {
  return `pulltrain / ${model}`;
}
