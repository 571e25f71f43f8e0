import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { openDirectoryTree } from '../../../adapters/source-tree/open-directory-tree.ts';
import { parseConfig } from '../../../pipelines/config/parse-config.ts';
import type { SourceTree } from '../../../pipelines/ports/source-tree.ts';
import { editParameters, readParameter } from '../../../pipelines/retraining/edit-parameters.ts';
import { computeRunKey } from '../../../pipelines/training/compute-run-key.ts';
import { parseWorkflowFile } from '../../../sandbox/workflows/model/parse-workflow-file.ts';

const folder = fileURLToPath(new URL('../../../examples/flight-delays/', import.meta.url));
const read = (path: string) => readFileSync(`${folder}${path}`, 'utf8');
const files = readdirSync(`${folder}.github/workflows`).map((name) => `.github/workflows/${name}`);

const stepSchema = z.looseObject({ uses: z.string().optional(), run: z.string().optional() });
const jobSchema = z.object({
  if: z.string().optional(),
  'runs-on': z.union([z.string(), z.array(z.string())]),
  'timeout-minutes': z.number(),
  permissions: z.record(z.string(), z.string()),
  environment: z.object({ name: z.string(), deployment: z.literal(false) }).optional(),
  steps: z.array(stepSchema),
});
const workflowSchema = z.object({
  permissions: z.strictObject({}),
  concurrency: z.object({ group: z.string() }),
  on: z.record(z.string(), z.unknown()),
  jobs: z.record(z.string(), jobSchema),
});
const workflow = (path: string) => workflowSchema.parse(parse(read(path)));
const jobs = files.flatMap((path) =>
  Object.entries(workflow(path).jobs).map(([id, job]) => ({ name: `${path} ${id}`, path, id, job })),
);

describe('the workflows', () => {
  it('are read by GitHub’s own parser without a complaint', async () => {
    for (const path of files) {
      const { faults } = await parseWorkflowFile(path, read(path));
      expect(faults, path).toEqual([]);
    }
  });

  it('give each job the permissions it needs and no other', () => {
    expect(Object.fromEntries(jobs.map(({ id, job }) => [id, job.permissions]))).toEqual({
      train: { contents: 'read' },
      judge: { contents: 'read', actions: 'read', 'pull-requests': 'read' },
      publish: { contents: 'write', actions: 'read', 'pull-requests': 'read' },
      staging: { contents: 'read', deployments: 'write' },
      production: { contents: 'read', deployments: 'write' },
      watch: { contents: 'read' },
      trial: { contents: 'read' },
      rank: { contents: 'read', actions: 'read' },
    });
  });

  it('pin every action by its full commit, and say which version that is', () => {
    for (const path of files) {
      const lines = read(path).match(/^.*uses: .*$/gm) ?? [];
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines)
        expect(line).toMatch(
          /uses: (actions\/[\w-]+@(?!0{40})[0-9a-f]{40} # v\d+\.\d+\.\d+|pulltrain\/pulltrain(\/actions\/[a-z]+)?@0{40})$/,
        );
    }
  });

  it('put no expression into a script, and let no stage of a pull request pass as trusted', () => {
    for (const { name, job } of jobs) {
      for (const step of job.steps) expect(step.run ?? '', name).not.toContain('${{');
    }
    for (const path of files) expect(Object.keys(workflow(path).on), path).not.toContain('pull_request_target');
  });

  it('run no code of a fork on our own machine, and give no secret to a pull request', () => {
    const ours = jobs.filter(({ job }) => job['runs-on'].includes('self-hosted'));
    expect(ours.map(({ id }) => id).sort()).toEqual(['train', 'trial']);
    for (const { id, path, job } of ours) {
      // A sweep is dispatched, which takes somebody who may write, and on a branch of this repository.
      if (id === 'train') expect(job.if).toBe('github.event.pull_request.head.repo.full_name == github.repository');
      else expect(Object.keys(workflow(path).on)).toEqual(['workflow_dispatch']);
      expect(read(path)).not.toContain('secrets.');
      expect(job.environment).toBeUndefined();
    }
  });

  it('read secrets only in jobs that an environment guards', () => {
    const withSecrets = jobs.filter(({ job }) => JSON.stringify(job).includes('secrets.'));
    expect(Object.fromEntries(withSecrets.map(({ id, job }) => [id, job.environment?.name]))).toEqual({
      judge: 'holdout',
      rank: 'holdout',
      staging: 'staging',
      production: 'production',
      watch: 'holdout',
    });
  });

  it('end in time', () => {
    for (const { name, job } of jobs) expect(job['timeout-minutes'], name).toBeLessThanOrEqual(60);
  });
});

describe('the policy', () => {
  const config = parseConfig(read('pulltrain.yml'), 'pulltrain.yml');
  const model = config.models['flight-delay'];

  it('names parameters that there are, so that a retraining can set them', () => {
    const params = read('params.yaml');
    const names = [model?.retrain?.snapshot?.parameter, model?.retrain?.window?.from, model?.retrain?.window?.to];
    for (const name of names) {
      expect(readParameter(params, name ?? '')).toEqual(expect.any(String));
      const edited = editParameters(params, { [name ?? '']: '2001-05-31' });
      expect(readParameter(edited, name ?? '')).toBe('2001-05-31');
    }
  });

  it('lists every column that the callers send', () => {
    expect(model?.serve.log).toContain(model?.monitor?.labels?.join);
    expect(model?.serve.log).toContain(model?.monitor?.time);
  });
});

describe('the pipeline', () => {
  const pointer = `kind: pointer\nversion: 1\nintegrity: sha512-${'A'.repeat(86)}==\nsize: 1\n`;
  const key = async (changes: Record<string, string>) => {
    const tree = withFiles(await openDirectoryTree(folder), {
      'data/flights-2001-03.parquet.pointer.yml': pointer,
      ...changes,
    });
    const model = { pipeline: 'dvc.yaml', output: 'out/model.onnx' };
    return (await computeRunKey({ name: 'flight-delay', model, tree })).key;
  };

  it('counts every file of the training program', async () => {
    const known = await key({});
    for (const name of readdirSync(`${folder}src`))
      expect(await key({ [`src/${name}`]: `${read(`src/${name}`)}\n` }), name).not.toBe(known);
    expect(await key({ 'package-lock.json': '{}' })).not.toBe(known);
  });

  it('counts parameters and data, and nothing that training does not read', async () => {
    const known = await key({});
    expect(await key({ 'params.yaml': read('params.yaml').replace(/trees: .*/, 'trees: 41') })).not.toBe(known);
    expect(await key({ 'params.yaml': `${read('params.yaml')}# a remark\n` })).toBe(known);
    expect(await key({ 'data/flights-2001-03.parquet.pointer.yml': pointer.replace('AA', 'AB') })).not.toBe(known);
    expect(await key({ 'README.md': 'other', 'pulltrain.yml': 'other' })).toBe(known);
  });
});

it('the packages are those that are locked, from no particular registry', () => {
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read('package.json')));
  const lock = z
    .object({
      packages: z.record(z.string(), z.object({ version: z.string().optional(), resolved: z.never().optional() })),
    })
    .parse(JSON.parse(read('package-lock.json')));
  for (const [name, version] of Object.entries(dependencies))
    expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
});

/** A tree in which some files are others. */
function withFiles(tree: SourceTree, changes: Readonly<Record<string, string>>): SourceTree {
  return {
    async read(path) {
      const text = changes[path];
      return text === undefined ? tree.read(path) : new TextEncoder().encode(text);
    },
    async list(under) {
      const added = Object.keys(changes).filter((path) => path.startsWith(under));
      return [...new Set([...(await tree.list(under)), ...added])].sort();
    },
  };
}
