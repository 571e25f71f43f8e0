import { parseArgs } from 'node:util';
import { openOnlineStore } from '../adapters/online-store/open-online-store.ts';
import { describeError } from '../pipelines/describe-error.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { createServer } from './create-server.ts';

const usage = `Usage: server/main.ts --data DIR --log DIR [options]
  --host HOST        address to listen on [127.0.0.1]
  --port N           port, 0 for a free one [8080]
  --data DIR         where models and traffic are kept
  --log DIR          where the prediction log is written
  --token-env NAME   environment variable that holds the control token [PULLTRAIN_SERVER_TOKEN]
  --name NAME        what this server calls itself, e.g. production [pulltrain]
  --online-store URL SQLite file or redis://host with the features of serve.features [PULLTRAIN_ONLINE_STORE]
  --parent-ipc       end when the process that started this one is gone`;

/** Starts the server, says where it listens in one line of JSON, and drains on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') return void process.stdout.write(`${usage}\n`);
  const { parent, host, port, tokenVariable } = options;
  const token = process.env[tokenVariable];
  if (token === undefined) throw usageError(`the environment variable ${tokenVariable} is not set`);
  if (parent && process.channel === undefined) throw usageError('--parent-ipc needs a parent with an IPC channel');

  const report = (fault: unknown) => void process.stderr.write(`${describeError(fault)}\n`);
  const { online: address } = options;
  const online = address === undefined ? null : await openOnlineStore(address, process.cwd());
  const server = await createServer({ ...options, online, token, onFault: report }, { now: () => new Date() });
  const stop = once(() =>
    server.close().then(
      () => process.exit(0),
      (fault: unknown) => {
        report(fault);
        process.exit(1);
      },
    ),
  );
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  if (parent) process.once('disconnect', stop);
  try {
    const url = await server.app.listen({ host, port });
    process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
  } catch (cause) {
    await server.close();
    throw isInUse(cause)
      ? new PulltrainError('port-taken', { what: `port ${port} is taken`, cure: 'Choose another one with --port.' })
      : cause;
  }
}

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8080' },
      data: { type: 'string' },
      log: { type: 'string' },
      'token-env': { type: 'string', default: 'PULLTRAIN_SERVER_TOKEN' },
      name: { type: 'string', default: 'pulltrain' },
      'online-store': { type: 'string' },
      'parent-ipc': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { data, log, host, name } = values;
  const port = Number(values.port);
  if (data === undefined || log === undefined) throw usageError('--data and --log are needed');
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw usageError(`--port cannot be ${values.port}`);
  const online = values['online-store'] ?? process.env.PULLTRAIN_ONLINE_STORE;
  return { data, log, host, name, port, online, tokenVariable: values['token-env'], parent: values['parent-ipc'] };
}

function usageError(what: string): PulltrainError {
  return new PulltrainError('usage', { what, cure: `\n${usage}` });
}

function isInUse(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && fault.code === 'EADDRINUSE';
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

try {
  await main();
} catch (fault) {
  process.stderr.write(`model server: ${describeError(fault)}\n`);
  process.exitCode = 1;
  if (process.channel !== undefined) process.disconnect();
}
