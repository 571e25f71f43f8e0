import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { info, setOutput, summary } from '@actions/core';
import { liveRelease } from '../../adapters/deployments/live-release.ts';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import { openLedger } from '../../adapters/ledger/open-ledger.ts';
import { listSegments } from '../../adapters/prediction-log/list-segments.ts';
import { downloadAsset } from '../../adapters/releases/download-asset.ts';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { DeploymentRecord } from '../../pipelines/contracts/deployment-record.ts';
import { type Profile, profileSchema } from '../../pipelines/contracts/profile.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { type Watch, watchRelease } from '../../pipelines/monitoring/watch-release.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import { fetchLabels } from './fetch-labels.ts';
import { summarizeDrift } from './summarize-drift.ts';

export type MonitorInputs = {
  name: string;
  /** The model's policy on the default branch. */
  model: ModelConfig;
  environment: string;
  logs: string;
  labelsRemote: string;
};

export type MonitorSurroundings = {
  github: GitHub;
  repository: { owner: string; repo: string };
  /** Checkout of the default branch. */
  directory: string;
  temporary: string;
  summarize: boolean;
  clock: Clock;
};

/** Bytes; a profile is some kilobytes per column. */
const largestProfile = 16 * 1024 * 1024;

/** Journey "watch" in a job: which release is live, its profile, the log, and a report for the bot. */
export async function main(inputs: MonitorInputs, surroundings: MonitorSurroundings): Promise<void> {
  const { directory, temporary, repository, github, clock } = surroundings;
  const { name, model } = inputs;
  // 1. What the policy wants watched.
  const { monitor } = model;
  if (monitor === undefined) {
    throw new PulltrainError('monitor-missing', {
      what: `models.${name} has no key monitor, so there is nothing to watch by`,
      where: 'pulltrain.yml',
      cure: 'Add monitor, or take the model out of the watch workflow',
    });
  }
  // 2. What is live, and its own reference.
  const live = await liveRelease(openLedger(github, repository), { environment: inputs.environment, model: name });
  if (live === null) {
    throw new PulltrainError('nothing-live', {
      what: `no release of ${name} is live`,
      where: `environment ${inputs.environment}`,
      cure: 'Deploy a release first',
    });
  }
  const profile = await readProfile(live, surroundings);
  // 3. What production saw, and what became of it.
  const out = join(temporary, 'pulltrain-drift', name);
  await mkdir(out, { recursive: true });
  const files = await listSegments(inputs.logs, name, directory);
  const labels = await readLabels(inputs, monitor, surroundings);
  info(`Watching ${live.tag} in ${inputs.environment}: ${files.length} log segments`);
  // 4. The comparison.
  const tables = await openTables({ temporaryDirectory: join(temporary, 'pulltrain-drift-spill') });
  try {
    const watch: Watch = {
      repository: `${repository.owner}/${repository.repo}`,
      environment: inputs.environment,
      release: live.release,
      tag: live.tag,
      profile,
      monitor,
      threshold: model.threshold,
      files,
      labels,
    };
    const report = await watchRelease(watch, { tables, clock });
    await writeFile(join(out, 'drift-report.json'), `${JSON.stringify(report, null, 2)}\n`);
    setOutput('directory', out);
    setOutput('status', report.status);
    info(`${report.status}: ${report.rows} rows, ${report.labelled} with labels`);
    if (surroundings.summarize) await summary.addRaw(summarizeDrift(report), true).write();
  } finally {
    tables.close();
  }
}

async function readProfile(live: DeploymentRecord, { github, repository }: MonitorSurroundings): Promise<Profile> {
  const bytes = await downloadAsset(github, {
    ...repository,
    tag: live.tag,
    name: 'profile.json',
    limit: largestProfile,
  });
  const parsed = profileSchema.safeParse(JSON.parse(bytes.toString('utf8')));
  if (parsed.success && parsed.data.model === live.model) return parsed.data;
  throw new PulltrainError('profile-unreadable', {
    what: parsed.success ? `a profile of ${parsed.data.model}` : 'not a profile',
    where: `profile.json of ${live.tag}`,
    ...(parsed.success ? {} : { cause: parsed.error }),
  });
}

async function readLabels(
  { labelsRemote, model }: MonitorInputs,
  { labels }: NonNullable<ModelConfig['monitor']>,
  { directory, temporary }: MonitorSurroundings,
): Promise<Watch['labels']> {
  if (labels === undefined) return null;
  const table = await fetchLabels({ data: labels.data, remote: labelsRemote }, { directory, temporary });
  return { table, join: labels.join, target: model.holdout.target, delay: labels.delay };
}
