import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type DeployRequest, deploy } from '../../../actions/deploy/deploy.ts';
import { publish } from '../../../actions/publish/publish.ts';
import { shownDeployment } from '../../../adapters/deployments/shown-deployment.ts';
import { downloadAsset } from '../../../adapters/releases/download-asset.ts';
import { publishRelease } from '../../../adapters/releases/publish-release.ts';
import { modelSchema } from '../../../pipelines/config/schema.ts';
import { type DeploymentRecord, deploymentRecordSchema } from '../../../pipelines/contracts/deployment-record.ts';
import { keyOf, modelOf, openPromotion } from '../open-promotion.ts';

type World = Awaited<ReturnType<typeof openPromotion>>;

const policy = modelSchema
  .unwrap()
  .pick({ rollout: true, serve: true })
  .parse({
    rollout: {
      steps: ['staging', 'shadow', 25, 100],
      hold: '0s',
      analysis: { min_rows: 200, max_hold: '60s', max_error_rate: 0.01, max_latency_ratio: 20, max_score_psi: 0.25 },
    },
  });

/** Publishes a model and returns its tag. */
async function release(world: World, weight: number): Promise<string> {
  const key = keyOf(String(weight));
  await world.judge({ key, model: modelOf(weight) });
  const published = await publish(
    { ...world.at, model: 'flight-delay', key, commit: world.commit, features: [], temporary: world.folder },
    {
      github: world.job({ contents: 'write', actions: 'read' }),
      clock: { now: () => new Date() },
      say: () => undefined,
    },
  );
  return 'manifest' in published ? published.manifest.tag : '';
}

/** Records that were handed over, in order. */
const kept: DeploymentRecord[] = [];
beforeEach(() => {
  kept.length = 0;
});
const ends = {
  clock: { now: () => new Date() },
  keep: async (record: DeploymentRecord) => void kept.push(deploymentRecordSchema.parse(record)),
};

function rollOut(world: World, tag: string, change: Partial<DeployRequest> = {}, said: string[] = []) {
  const request = {
    ...world.at,
    model: 'flight-delay',
    policy,
    tag,
    sha256: null,
    environment: 'production',
    logUrl: `${world.url}/log`,
    ...change,
  };
  const github = world.job({ contents: 'read', deployments: 'write', 'pull-requests': 'read' });
  const pause = async (milliseconds: number) => void (await sleep(milliseconds));
  return deploy(request, { ...ends, github, server: world.server, pause, say: (line) => void said.push(line) });
}

async function story(world: World, environment = 'production'): Promise<string[][]> {
  const reader = world.as('ravi').rest.repos;
  const { data } = await reader.listDeployments({ ...world.at, environment });
  return Promise.all(
    data.reverse().map(async ({ id }) => {
      const statuses = await reader.listDeploymentStatuses({ ...world.at, deployment_id: id });
      return statuses.data.reverse().map(({ state, description }) => `${state} ${description}`);
    }),
  );
}

const live = async (world: World) =>
  (await shownDeployment(world.as('ravi'), { ...world.at, environment: 'production', model: 'flight-delay' }))?.payload
    .tag;

test('a first release goes straight to everybody, after a look at its answers', async () => {
  await using world = await openPromotion();
  const tag = await release(world, 0.1);
  expect(await live(world)).toBeUndefined();
  expect(await rollOut(world, tag)).toMatchObject({ status: 'advanced', steps: [] });
  expect((await world.server.state())?.traffic).toMatchObject({ stable: '1.0.0', candidate: null, weight: 0 });
  expect(await story(world)).toEqual([
    ['in_progress flight-delay@v1.0.0 is loaded and answers sensibly', 'success flight-delay@v1.0.0 serves production'],
  ]);
  expect(await live(world)).toBe('flight-delay@v1.0.0');
  expect(await explainOnce(world)).toMatchObject({ explain_method: 'exact' });
  expect(kept).toMatchObject([
    { outcome: 'success', release: '1.0.0', commit: world.commit, environment: 'production' },
  ]);
});

test('a second one goes step by step while traffic flows, and every step says what it saw', async () => {
  await using world = await openPromotion();
  await rollOut(world, await release(world, 0.1));
  const tag = await release(world, 0.101);
  const replay = world.replay();
  const deployed = await rollOut(world, tag).finally(() => replay.stop());
  expect(deployed.status).toBe('advanced');
  expect(deployed.steps.map(({ step, decision }) => [step, decision])).toEqual([
    ['shadow', 'advance'],
    ['canary 25 %', 'advance'],
    ['full 100 %', 'advance'],
  ]);
  expect((await world.server.state())?.traffic).toMatchObject({ stable: '1.1.0', candidate: null, rollout: null });
  expect((await world.server.state())?.loaded).toMatchObject([{ version: '1.1.0' }]);
  const [replaced, lines] = await story(world);
  expect(replaced?.at(-1)).toBe('inactive replaced by flight-delay@v1.1.0');
  expect(lines?.slice(1)).toEqual([
    expect.stringMatching(/^in_progress shadow: [\d,]+ rows in \d+ s, no errors, p95 .*score PSI 0\.[01]/),
    expect.stringMatching(/^in_progress canary 25 %: [\d,]+ rows in \d+ s, no errors, p95 /),
    expect.stringMatching(/^in_progress full 100 %: [\d,]+ rows in \d+ s, no errors$/),
    'success flight-delay@v1.1.0 serves production',
  ]);
  expect(await live(world)).toBe('flight-delay@v1.1.0');
});

test('a model that scores very differently is stopped as a shadow: nobody was answered by it', async () => {
  await using world = await openPromotion();
  await rollOut(world, await release(world, 0.1));
  const tag = await release(world, -2);
  const replay = world.replay();
  const deployed = await rollOut(world, tag).finally(() => replay.stop());
  expect(deployed).toMatchObject({ status: 'rolled-back', steps: [{ step: 'shadow', status: 'fail' }] });
  expect((await world.server.state())?.traffic).toMatchObject({ stable: '1.0.0', candidate: null, weight: 0 });
  expect((await story(world)).at(-1)?.at(-1)).toMatch(/^failure rolled back at shadow: score shift: score PSI/);
  expect(await live(world)).toBe('flight-delay@v1.0.0');
  expect(kept.at(-1)).toMatchObject({
    outcome: 'failure',
    release: '1.1.0',
    reason: expect.stringMatching(/^rolled back at shadow: score shift/),
  });
});

test('without traffic a rollout ends where it began when patience ends', async () => {
  await using world = await openPromotion();
  await rollOut(world, await release(world, 0.1));
  const impatient = {
    ...policy,
    rollout: { ...policy.rollout, analysis: { ...Object(policy.rollout.analysis), max_hold: '1s' } },
  };
  const said: string[] = [];
  const deployed = await rollOut(world, await release(world, 0.2), { policy: impatient }, said);
  expect(deployed.status).toBe('rolled-back');
  expect(said.filter((line) => line.startsWith('shadow: waiting'))).toHaveLength(1);
  expect((await story(world)).at(-1)?.at(-1)).toMatch(/^failure rolled back at shadow: undecided after 1 s: 0 rows/);
});

test('a job that died in the middle goes on at its step when it is run again', async () => {
  await using world = await openPromotion();
  await rollOut(world, await release(world, 0.1));
  const tag = await release(world, 0.101);
  const replay = world.replay();
  const killed = new Error('the runner is gone');
  const dying = deploy(
    { ...world.at, model: 'flight-delay', policy, tag, sha256: null, environment: 'production', logUrl: world.url },
    {
      ...ends,
      github: world.job({ contents: 'read', deployments: 'write' }),
      // A process that dies takes nothing back: neither its traffic nor its deployment.
      server: {
        ...world.server,
        setTraffic: (traffic) =>
          traffic.candidate === null ? Promise.reject(killed) : world.server.setTraffic(traffic),
      },
      pause: async () => undefined,
      say: (line) => {
        if (line.startsWith('canary 25 %')) throw killed;
      },
    },
  );
  await expect(dying).rejects.toThrow('the runner is gone');
  expect((await world.server.state())?.traffic).toMatchObject({ candidate: '1.1.0', step: 'canary 25 %' });
  const deployed = await rollOut(world, tag).finally(() => replay.stop());
  expect(deployed.status).toBe('advanced');
  expect(deployed.steps.map(({ step }) => step)).toEqual(['canary 25 %', 'full 100 %']);
});

test('running it again when everything is done moves nothing', async () => {
  await using world = await openPromotion();
  const tag = await release(world, 0.1);
  await rollOut(world, tag);
  const before = await story(world);
  expect(await rollOut(world, tag)).toEqual({ status: 'advanced', plan: null, steps: [] });
  expect(await story(world)).toEqual(before);
  expect(kept.map(({ outcome, deployment }) => [outcome, deployment])).toEqual([
    ['success', kept[0]?.deployment],
    ['success', kept[0]?.deployment],
  ]);
});

test('the log of GitHub catches up with a server that is ahead of it', async () => {
  await using world = await openPromotion();
  const tag = await release(world, 0.1);
  await rollOut(world, tag, { environment: 'elsewhere' });
  expect(await live(world)).toBeUndefined();
  await rollOut(world, tag);
  expect(await live(world)).toBe(tag);
});

test('a rollout that another one replaced stops and touches nothing', async () => {
  await using world = await openPromotion();
  await rollOut(world, await release(world, 0.1));
  const [older, newer] = [await release(world, 0.2), await release(world, 0.101)];
  let replaced = false;
  const superseded = deploy(
    {
      ...world.at,
      model: 'flight-delay',
      policy,
      tag: older,
      sha256: null,
      environment: 'production',
      logUrl: world.url,
    },
    {
      ...ends,
      github: world.job({ contents: 'read', deployments: 'write' }),
      server: world.server,
      say: () => undefined,
      async pause() {
        if (replaced) return;
        replaced = true;
        const replay = world.replay();
        await rollOut(world, newer).finally(() => replay.stop());
      },
    },
  );
  await expect(superseded).rejects.toMatchObject({ code: 'rollout-superseded' });
  expect((await world.server.state())?.traffic).toMatchObject({ stable: '1.2.0', candidate: null });
  expect(await live(world)).toBe(newer);
});

test('staging gets a release whole', async () => {
  await using world = await openPromotion();
  await rollOut(world, await release(world, 0.1), { environment: 'staging' });
  await rollOut(world, await release(world, 0.2), { environment: 'staging' });
  expect((await world.server.state())?.traffic).toMatchObject({ stable: '1.1.0', candidate: null });
  expect((await story(world, 'staging')).at(-1)?.at(-1)).toBe('success flight-delay@v1.1.0 serves staging');
});

test.each([
  ['an unknown tag', 'flight-delay@v9.0.0', 'release-missing'],
  ['a release of somebody else', 'other', 'asset-missing'],
])('%s is refused before anything moves', async (_, tag, code) => {
  await using world = await openPromotion();
  await world.as('maya').rest.repos.createRelease({ ...world.at, tag_name: 'other', target_commitish: world.commit });
  await expect(rollOut(world, tag)).rejects.toMatchObject({ code });
  expect(await world.server.state()).toBeNull();
  expect(await story(world)).toEqual([]);
});

test('only the model that was published is loaded, whatever the release holds by now', async () => {
  await using world = await openPromotion();
  const tag = await release(world, 0.1);
  const forged = rollOut(world, tag, { sha256: 'e'.repeat(64) });
  await expect(forged).rejects.toMatchObject({ code: 'release-unproven' });
  expect(await world.server.state()).toBeNull();
  expect(kept).toEqual([]);
});

test('a release that somebody published past the App is not loaded by hand either', async () => {
  await using world = await openPromotion();
  const tag = await release(world, 0.1);
  const bytesOf = (name: string) => downloadAsset(world.as('maya'), { ...world.at, tag, name });
  const model = modelOf(7);
  const sha256 = createHash('sha256').update(model).digest('hex');
  const manifest = JSON.parse((await bytesOf('manifest.json')).toString());
  const forgedTag = 'flight-delay@v6.6.6';
  for (const file of manifest.files) if (file.role === 'model') Object.assign(file, { sha256, size: model.length });
  Object.assign(manifest, { tag: forgedTag, release: '6.6.6' });
  await publishRelease(world.as('maya'), {
    ...world.at,
    tag: forgedTag,
    commit: world.commit,
    name: forgedTag,
    notes: '',
    latest: false,
    files: [
      { name: 'manifest.json', type: 'application/json', content: Buffer.from(JSON.stringify(manifest)) },
      { name: 'model.onnx', type: 'application/octet-stream', content: model },
      { name: 'profile.json', type: 'application/json', content: await bytesOf('profile.json') },
    ],
  });
  await expect(rollOut(world, forgedTag)).rejects.toMatchObject({ code: 'release-unproven' });
  expect(await world.server.state()).toBeNull();
});

/** What the server says of an answer that it was asked to explain: it can, with the profile of the release. */
async function explainOnce({ url }: { url: string }): Promise<unknown> {
  const answer = await fetch(`${url}/v2/models/flight-delay/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      parameters: { explain: true },
      inputs: ['hour', 'distance'].map((name) => ({ name, datatype: 'FP32', shape: [1, 1], data: [18] })),
    }),
  });
  return z.object({ parameters: z.unknown() }).parse(await answer.json()).parameters;
}
