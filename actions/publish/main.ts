import { notice, setOutput } from '@actions/core';
import { type Published, type PublishPorts, type PublishRequest, publish } from './publish.ts';

/** Publishes, and says what there is to deploy now. */
export async function main(request: PublishRequest, ports: PublishPorts): Promise<void> {
  const published = await publish(request, ports);
  const manifest = 'manifest' in published ? published.manifest : null;
  setOutput('published', String(published.outcome === 'published'));
  setOutput('tag', manifest?.tag ?? '');
  setOutput('version', manifest?.release ?? '');
  setOutput('sha256', manifest?.files.find(({ role }) => role === 'model')?.sha256 ?? '');
  if (published.outcome !== 'published') notice(explain(request, published));
}

/** A repository before its first model: policy is there, a pipeline is not. */
export function sayNothingYet(model: string, pipeline: string): void {
  for (const output of ['tag', 'version', 'sha256']) setOutput(output, '');
  setOutput('published', 'false');
  notice(
    `There is no ${pipeline} yet, so ${model} has nothing to release. A pull request that brings it is the first model.`,
  );
}

function explain({ model, commit }: PublishRequest, published: Published): string {
  if ('manifest' in published)
    return `${model} at ${commit.slice(0, 7)} is ${published.manifest.tag}, released before.`;
  return (
    `No model was judged for what ${model} is made of at ${commit.slice(0, 7)}, so there is nothing to release. ` +
    'Open a pull request that changes the pipeline, its parameters or its data: it is trained, judged and, once merged, released.'
  );
}
