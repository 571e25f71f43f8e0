import { expect, test } from 'vitest';
import type { Prediction } from '../../pipelines/contracts/prediction.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { answerInference, type InferencePorts } from '../../server/answer-inference.ts';
import { openExplainer } from '../../server/explain/open-explainer.ts';
import type { HeldVersion } from '../../server/models/hold-version.ts';
import type { Epoch, Slot } from '../../server/models/open-slot.ts';
import type { ModelRun } from '../../server/models/start-model.ts';
import { countRequests } from '../../server/observe/count-requests.ts';
import { observeTraffic } from '../../server/observe/observe-traffic.ts';
import { readRequest } from '../../server/protocol/read-request.ts';
import { trafficSchema } from '../../server/traffic/traffic.ts';

type Run = { answer(score: number): void; fail(): void };

/** A version whose runs end when the test says so. */
function slowVersion(version: string, isDead = false) {
  const runs: Run[] = [];
  const model = {
    inputs: [{ name: 'x', type: 'float32', shape: [-1, 1] }],
    outputs: [{ name: 'probability', type: 'float32', shape: [-1, 1] }],
    pending: () => runs.length,
    run: () =>
      new Promise<ModelRun>((resolve, reject) => {
        runs.push({
          answer: (score) => resolve({ outputs: {}, scores: Float64Array.of(score) }),
          fail: () => reject(new PulltrainError('model-failed', { what: 'it broke' })),
        });
      }),
    close: async () => undefined,
  };
  const held: HeldVersion = {
    stored: { version, sha256: version.at(-1)?.repeat(64) ?? '', manifest: null },
    model,
    isDead: () => isDead,
    use: (work) => work(model),
    retire: async () => undefined,
  };
  return { held, runs };
}

function open({
  stable = slowVersion('1.0.0'),
  candidate = slowVersion('1.1.0'),
  shadow = false,
  queueLimit = 8,
} = {}) {
  const lines: Prediction[] = [];
  const traffic = trafficSchema.parse({ stable: '1.0.0', candidate: '1.1.0', shadow, rollout: 'r1', step: 's' });
  const epoch: Epoch = {
    traffic,
    since: '2026-01-01T00:00:00.000Z',
    stable: stable.held,
    candidate: candidate.held,
    observer: observeTraffic(
      { stable: { release: '1.0.0', sha256: 'a' }, ...(shadow ? { shadow: { release: '1.1.0', sha256: 'b' } } : {}) },
      [0.5],
    ),
  };
  const entered: unknown[] = [];
  const slot: Slot = {
    name: 'm',
    epoch: () => epoch,
    stored: () => [],
    loaded: () => [stable.held, candidate.held],
    add: async () => undefined,
    setProfile: async () => undefined,
    profile: async () => null,
    setTraffic: async (next) => void entered.push(next),
    observe: () => {
      throw new Error('not asked for');
    },
    close: async () => undefined,
  };
  const counter = countRequests();
  const ports: InferencePorts = {
    clock: { now: () => new Date('2026-01-01T00:00:00Z') },
    log: {
      append: (rows) => lines.push(...rows),
      dropped: () => 0,
      flush: async () => undefined,
      close: async () => undefined,
    },
    counter,
    features: null,
    explainer: openExplainer(),
    queueLimit,
  };
  const ask = () =>
    answerInference(slot, readRequest({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] }), ports);
  return { ask, stable, candidate, lines, entered, counter, seen: () => epoch.observer.read() };
}

test('who comes when the queue is full is turned away, and that is no error of the model', async () => {
  const { ask, stable, counter, seen } = open({ queueLimit: 2 });
  const waiting = [ask(), ask()];
  await expect(ask()).rejects.toMatchObject({ code: 'overloaded' });
  for (const run of stable.runs) run.answer(0.5);
  await Promise.all(waiting);
  expect(seen().variants).toMatchObject([{ requests: 2, errors: 0 }]);
  expect(counter.print()).toContain('variant="stable",reason="REJECTED"} 1');
});

test('a row that the model could not score is logged as an error and counted', async () => {
  const { ask, stable, lines, seen } = open();
  const answer = ask();
  stable.runs[0]?.fail();
  await expect(answer).rejects.toMatchObject({ code: 'model-failed' });
  expect(lines).toMatchObject([{ variant: 'stable', status: 'error', score: null, features: { x: 1 } }]);
  expect(seen().variants).toMatchObject([{ requests: 1, errors: 1 }]);
});

test('the answer does not wait for the shadow', async () => {
  const { ask, stable, candidate, lines, seen } = open({ shadow: true });
  const answer = ask();
  stable.runs[0]?.answer(0.25);
  expect(await answer).toMatchObject({ model_version: '1.0.0' });
  expect(lines.map(({ variant }) => variant)).toEqual(['stable']);
  candidate.runs[0]?.answer(0.75);
  await new Promise(setImmediate);
  expect(lines.map(({ variant }) => variant)).toEqual(['stable', 'shadow']);
  expect(seen().pairs).toMatchObject({ rows: 1, meanAbsoluteDifference: 0.5 });
});

test('a shadow that fails harms nobody but itself', async () => {
  const { ask, stable, candidate, seen } = open({ shadow: true });
  const answer = ask();
  stable.runs[0]?.answer(0.25);
  await answer;
  candidate.runs[0]?.fail();
  await new Promise(setImmediate);
  expect(seen().variants).toMatchObject([
    { variant: 'stable', errors: 0 },
    { variant: 'shadow', errors: 1 },
  ]);
});

test('a model whose thread has died is loaded again for those who come later', async () => {
  const { ask, stable, entered } = open({ stable: slowVersion('1.0.0', true) });
  const answer = ask();
  stable.runs[0]?.fail();
  await expect(answer).rejects.toThrow();
  expect(entered).toMatchObject([{ stable: '1.0.0', candidate: '1.1.0' }]);
});
