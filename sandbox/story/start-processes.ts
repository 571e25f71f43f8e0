import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoryPlatform } from './start-platform.ts';
import { type StoryProcess, startProcess } from './start-process.ts';

export type StoryProcesses = {
  servers: { staging: StoryProcess; production: StoryProcess };
  serverToken: string;
  /** Where production writes its prediction log. */
  logDirectory: string;
  close(): Promise<void>;
};

type Start = { root: string; directory: string; platform: StoryPlatform; webhookSecret: string };

/** Starts what would run elsewhere: two runners, the bot and two model servers, each its own process. */
export async function startProcesses({ root, directory, platform, webhookSecret }: Start): Promise<StoryProcesses> {
  const { github, workflows, app } = platform;
  const serverToken = randomBytes(24).toString('hex');
  const logs = join(directory, 'logs');
  const logDirectory = join(directory, 'servers/production/predictions');
  await mkdir(logs, { recursive: true });
  // Children get what they need and no more: our own environment stays here.
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? directory, NODE_ENV: 'production' };

  const runner = (name: string, labels: string) =>
    startProcess({
      name: `the runner ${name}`,
      script: join(root, 'sandbox/runner/main.ts'),
      args: [
        '--url',
        workflows.runnerUrl,
        '--name',
        name,
        '--labels',
        labels,
        '--work',
        join(directory, 'runners', name),
        '--actions-root',
        root,
      ],
      env: { ...env, RUNNER_TOKEN: workflows.runnerToken },
      logFile: join(logs, `runner-${name}.log`),
    });
  const server = (name: string) =>
    startProcess({
      name: `the model server ${name}`,
      script: join(root, 'server/main.ts'),
      args: [
        '--port',
        '0',
        '--data',
        join(directory, 'servers', name, 'models'),
        '--log',
        join(directory, 'servers', name, 'predictions'),
        '--token-env',
        'SERVER_TOKEN',
        '--name',
        name,
        '--parent-ipc',
      ],
      env: { ...env, SERVER_TOKEN: serverToken },
      logFile: join(logs, `server-${name}.log`),
    });
  const bot = startProcess({
    name: 'the bot',
    script: join(root, 'bot/main.ts'),
    args: [],
    env: {
      ...env,
      APP_ID: String(app.appId),
      PRIVATE_KEY: app.privateKey,
      WEBHOOK_SECRET: webhookSecret,
      PORT: '0',
      GITHUB_API_URL: github.url,
    },
    logFile: join(logs, 'bot.log'),
  });

  const starts = [
    runner('gpu-1', 'self-hosted,gpu'),
    runner('hosted-1', 'ubuntu-latest'),
    server('staging'),
    server('production'),
    bot,
  ] as const;
  const outcomes = await Promise.allSettled(starts);
  const running = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const close = async () => {
    await Promise.all(running.map((one) => one.stop()));
  };
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const [, , staging, production, webhooks] = await Promise.all(starts);
  github.setWebhook(app.appId, webhooks.url);
  return { servers: { staging, production }, serverToken, logDirectory, close };
}
