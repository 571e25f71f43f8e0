import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBot } from '../../bot/start-bot.ts';
import { formatPointer } from '../../pipelines/data/format-pointer.ts';
import { integrityOf } from '../../pipelines/integrity.ts';
import { openPlayground, type Playground } from '../sandbox/github/open-playground.ts';
import { config } from './bot-harness.ts';

/** The bot against a GitHub that checks permissions, and every exchange against GitHub's own description. */
let playground: Playground;
let bot: Awaited<ReturnType<typeof startBot>>;
const log: string[] = [];
beforeEach(async () => {
  playground = await openPlayground();
  const { github, app } = playground;
  const record = (facts: Record<string, unknown>, message: string) =>
    void log.push(`${message} ${JSON.stringify(facts)}`);
  bot = await startBot(
    {
      appId: app.appId,
      privateKey: app.privateKey,
      secret: 'a secret of the test, long enough',
      port: 0,
      host: '127.0.0.1',
      apiUrl: github.url,
    },
    { now: () => new Date() },
    { info: () => undefined, error: record },
  );
  github.setWebhook(app.appId, bot.url);
  await landMain();
  for (const name of ['retrain', 'rollback']) {
    await playground.as('dana').rest.issues.createLabel({ ...playground.at, name, description: 'by Pulltrain' });
  }
});
afterEach(async () => {
  await bot.close();
  await playground[Symbol.asyncDispose]();
  expect(log.splice(0)).toEqual([]);
});

async function landMain(): Promise<void> {
  const dana = await playground.clone('dana', 'dana');
  await mkdir(join(dana.path, 'data'));
  for (const [month, to] of [
    ['03', '2001-03-31'],
    ['05', '2001-05-31'],
  ] as const) {
    const pointer = formatPointer({
      kind: 'pointer',
      version: 1,
      integrity: integrityOf(month),
      size: 1,
      table: { rows: 1, columns: [], time: { column: 'date', from: '2001-01-01', to } },
    });
    await writeFile(join(dana.path, `data/flights-2001-${month}.parquet.pointer.yml`), pointer);
  }
  const parameters =
    'data: { snapshot: data/flights-2001-03.parquet }\ntrain: { from: "2001-01-01", to: "2001-03-31" }\n';
  await dana.push('main', { 'pulltrain.yml': config, 'params.yaml': parameters }, 'Start');
}

async function settled(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await playground.github.settled();
    await bot.idle();
  }
}

describe('the bot on the local GitHub', () => {
  it('begins a check on a pull request that a person opens', async () => {
    const maya = await playground.clone('maya', 'maya');
    const head = await maya.push('rates', { 'params.yaml': 'features: [hour]\n' }, 'Rates');
    await playground.as('maya').rest.pulls.create({ ...playground.at, title: 'Rates', head: 'rates', base: 'main' });
    await settled();
    const { data } = await playground.as('maya').rest.checks.listForRef({ ...playground.at, ref: head });
    expect(data.check_runs).toEqual([
      expect.objectContaining({ name: 'pulltrain / flight-delay', status: 'in_progress' }),
    ]);
  });

  it('turns /retrain into a pull request, once, and into nothing for a reader', async () => {
    const maya = playground.as('maya');
    const issue = await maya.rest.issues.create({ ...playground.at, title: 'It has drifted' });
    const at = { ...playground.at, issue_number: issue.data.number };
    await playground.as('ravi').rest.issues.createComment({ ...at, body: '/retrain' });
    await settled();
    expect((await maya.rest.pulls.list(playground.at)).data).toEqual([]);

    await maya.rest.issues.createComment({ ...at, body: '/retrain' });
    await settled();
    const [pull, ...others] = (await maya.rest.pulls.list(playground.at)).data;
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      title: 'Retrain flight-delay on 2001-02-01 to 2001-05-31',
      user: { login: 'pulltrain[bot]' },
      labels: [{ name: 'retrain' }],
    });
    const file = await maya.rest.repos.getContent({
      ...playground.at,
      path: 'params.yaml',
      ref: pull?.head.ref ?? '',
    });
    const content = 'content' in file.data ? file.data.content : '';
    expect(Buffer.from(content, 'base64').toString()).toBe(
      'data: { snapshot: data/flights-2001-05.parquet }\ntrain: { from: "2001-02-01", to: "2001-05-31" }\n',
    );
    const comments = await maya.rest.issues.listComments(at);
    expect(comments.data.map(({ user }) => user?.login)).toEqual(['ravi', 'pulltrain[bot]', 'maya', 'pulltrain[bot]']);
    const audit = await maya.rest.git.getTree({ ...playground.at, tree_sha: 'ledger', recursive: 'true' });
    expect(audit.data.tree.filter(({ type }) => type === 'blob')).toHaveLength(2);
  });
});
