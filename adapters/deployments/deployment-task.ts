/** The task of every deployment of a model: what lists them apart from those that GitHub makes for a job. */
export function deploymentTask(model: string): string {
  return `pulltrain:${model}`;
}
