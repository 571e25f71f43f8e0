import { describeError } from '../pipelines/describe-error.ts';
import { openLog } from './open-log.ts';
import { readEnvironment } from './read-environment.ts';
import { type RunningBot, startBot } from './start-bot.ts';

/** Milliseconds for events under way to be finished. */
const longestGoodbye = 10_000;

/** Runs until SIGTERM, SIGINT, or until the parent that started it as a child is gone. */
async function main(): Promise<void> {
  const settings = readEnvironment(process.env);
  const clock = { now: () => new Date() };
  const writeErr = (line: string): void => void process.stderr.write(line);
  const log = openLog(writeErr, clock.now, [settings.secret, settings.privateKey]);
  const bot = await startBot(settings, clock, log);
  const stop = stopOnce(bot);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // A parent that dies without a signal still closes its channel.
  process.once('disconnect', stop);
  process.stdout.write(`${JSON.stringify({ ready: true, url: bot.url })}\n`);
}

function stopOnce(bot: RunningBot): () => void {
  let stopping = false;
  return () => {
    if (stopping) return;
    stopping = true;
    // What hangs is given up: the event can be delivered again.
    setTimeout(() => process.exit(0), longestGoodbye).unref();
    void bot.close().then(() => process.exit(0));
  };
}

try {
  await main();
} catch (thrown) {
  process.stderr.write(`pulltrain bot: ${describeError(thrown)}\n`);
  process.exitCode = 1;
}
