// Writes sandbox/openapi/github-subset.json from GitHub's own OpenAPI description, for exactly the routes that the local
// GitHub serves. The description is the package @octokit/openapi, too large to depend on:
//
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
//   node scripts/generate-openapi-subset.ts package/generated/api.github.com.json

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { PulltrainError } from '../pipelines/errors.ts';
import { startGitHub } from '../sandbox/github/start-github.ts';
import { selectOperations } from '../sandbox/openapi/select-operations.ts';
import { startWorkflows } from '../sandbox/workflows/start-workflows.ts';

const Description = z.object({
  info: z.object({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.record(z.string(), z.record(z.string(), z.unknown())),
});

const source = process.argv[2];
if (source === undefined) {
  throw new PulltrainError('input-missing', {
    what: "the path of GitHub's description is missing",
    allowed: 'node scripts/generate-openapi-subset.ts <api.github.com.json>',
  });
}
const description = Description.parse(JSON.parse(await readFile(source, 'utf8')));
const { subset, unknown } = selectOperations(description, await servedRoutes());
if (unknown.length > 0) {
  throw new PulltrainError('route-unknown', {
    what: "routes that GitHub's description does not have",
    seen: unknown.join(', '),
  });
}
const target = new URL('../sandbox/openapi/github-subset.json', import.meta.url);
await writeFile(target, `${JSON.stringify(subset)}\n`);
console.log(`${Object.keys(subset.operations).length} operations, ${Object.keys(subset.schemas).length} schemas`);

async function servedRoutes(): Promise<{ method: string; route: string }[]> {
  const directory = await mkdtemp(join(tmpdir(), 'pulltrain-openapi-'));
  const github = await startGitHub({ directory });
  const workflows = await startWorkflows(github, { directory });
  try {
    return github.routes();
  } finally {
    await workflows.close();
    await github.close();
    await rm(directory, { recursive: true, force: true });
  }
}
