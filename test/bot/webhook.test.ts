import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { config, eventHeaders, type Harness, pullRequestPayload, secret, sign, startHarness } from './bot-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  harness.github.git.commit('main', { 'pulltrain.yml': config });
});
afterEach(() => {
  harness.github.checks.length = 0;
  harness.github.calls.length = 0;
  harness.github.onCall = () => undefined;
  harness.log.length = 0;
});
afterAll(() => harness.close());

const body = JSON.stringify(pullRequestPayload('opened'));
const headers = () => eventHeaders('pull_request', randomUUID());

async function refused(response: Promise<Response>): Promise<number> {
  const { status } = await response;
  await harness.bot.idle();
  expect(harness.github.calls).toEqual([]);
  return status;
}

describe('the webhook door', () => {
  it('answers 202 before the work is done', async () => {
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    harness.github.onCall = () => answered;
    const response = await harness.send(body, { ...headers(), 'x-hub-signature-256': sign(body) });
    expect(response.status).toBe(202);
    expect(harness.github.checks).toEqual([]);
    resolve();
    await harness.bot.idle();
    expect(harness.github.checks).toHaveLength(1);
  });

  it.each([
    ['a wrong secret', sign(body, 'development')],
    ['a signature of another body', sign(`${body} `)],
    ['a signature of the old kind', `sha1=${'0'.repeat(40)}`],
    ['no digest at all', 'sha256='],
    ['an empty signature', ''],
  ])('refuses %s', async (_, signature) => {
    expect(await refused(harness.send(body, { ...headers(), 'x-hub-signature-256': signature }))).toBe(400);
  });

  it('refuses an unsigned delivery', async () => {
    expect(await refused(harness.send(body, headers()))).toBe(400);
  });

  it('refuses a body that was written anew, though it means the same', async () => {
    const again = JSON.stringify(JSON.parse(body), null, 1);
    expect(await refused(harness.send(again, { ...headers(), 'x-hub-signature-256': sign(body) }))).toBe(400);
  });

  it('refuses a form instead of JSON', async () => {
    const form = { ...headers(), 'content-type': 'application/x-www-form-urlencoded' };
    expect(await refused(harness.send(body, { ...form, 'x-hub-signature-256': sign(body) }))).toBe(415);
  });

  it('refuses a body beyond what GitHub sends', async () => {
    const huge = 'x'.repeat(25 * 1024 * 1024 + 1);
    const sent = harness.send(huge, { ...headers(), 'x-hub-signature-256': sign(huge) });
    expect(await refused(sent.catch(() => new Response(null, { status: 413 })))).toBe(413);
  });

  it('knows no other route and no other method', async () => {
    expect((await fetch(new URL('/', harness.bot.url))).status).toBe(404);
    expect((await fetch(harness.bot.url)).status).toBe(405);
  });

  it('logs a signed body that is no JSON, and lives on', async () => {
    const broken = '{"repository":';
    const response = await harness.send(broken, { ...headers(), 'x-hub-signature-256': sign(broken) });
    expect(response.status).toBe(202);
    await harness.deliver('pull_request', pullRequestPayload('opened'));
    expect(harness.log.join('')).toContain('not understood');
    expect(harness.github.checks).toHaveLength(1);
  });

  it('shows no secret of a fault, neither to the sender nor in its log', async () => {
    harness.github.onCall = () => {
      throw new Error(`token ghs_0123456789abcdef and ${secret} leaked`);
    };
    const response = await harness.deliver('pull_request', pullRequestPayload('opened'), { id: 'delivery-9' });
    expect(await response.text()).toBe('{"message":"accepted"}\n');
    const log = harness.log.join('');
    expect(log).toContain('delivery-9');
    expect(log).toContain('leaked');
    expect(log).not.toContain(secret);
    expect(log).not.toContain('ghs_0123456789abcdef');
  });
});

describe('a pull request', () => {
  it('gets its check also while the configuration has faults, which are told there', async () => {
    harness.github.git.commit('main', { 'pulltrain.yml': config.replace('task: binary', 'task: binery') });
    try {
      await harness.deliver('pull_request', pullRequestPayload('opened'));
      expect(harness.github.checks).toEqual([expect.objectContaining({ name: 'pulltrain / flight-delay' })]);
    } finally {
      harness.github.git.commit('main', { 'pulltrain.yml': config });
    }
  });

  it.each(['opened', 'synchronize', 'reopened'])(
    'that is %s gets a check in progress for each model',
    async (action) => {
      await harness.deliver('pull_request', pullRequestPayload(action));
      expect(harness.github.checks).toEqual([
        expect.objectContaining({ name: 'pulltrain / flight-delay', headSha: 'a'.repeat(40), status: 'in_progress' }),
      ]);
    },
  );

  it('gets one check however often the event comes, even at the same time', async () => {
    const send = () => harness.deliver('pull_request', pullRequestPayload('opened'), { id: 'same' });
    await Promise.all([send(), send(), send()]);
    expect(harness.github.checks).toHaveLength(1);
  });

  it('keeps a check that has ended', async () => {
    await harness.deliver('pull_request', pullRequestPayload('opened'));
    Object.assign(harness.github.checks[0] ?? {}, { status: 'completed', conclusion: 'success' });
    await harness.deliver('pull_request', pullRequestPayload('reopened'));
    expect(harness.github.checks).toEqual([expect.objectContaining({ conclusion: 'success' })]);
  });

  it('does not take a check of another app for ours', async () => {
    harness.github.checks.push({ id: 1, name: 'pulltrain / flight-delay', headSha: 'a'.repeat(40), appId: 15368 });
    await harness.deliver('pull_request', pullRequestPayload('opened'));
    expect(harness.github.checks.map(({ appId }) => appId)).toEqual([15368, 77]);
  });

  it('against another branch is none of our business', async () => {
    await harness.deliver('pull_request', pullRequestPayload('opened', { base: 'feature' }));
    expect(harness.github.checks).toEqual([]);
  });

  it('of another action is left alone', async () => {
    await harness.deliver('pull_request', pullRequestPayload('labeled'));
    expect(harness.github.calls).toEqual([]);
  });
});
