import { runCommand } from './run-command.ts';
import { verbs } from './verbs.ts';

/** Runs the command line of this process and leaves its exit code. */
export async function start(): Promise<void> {
  process.exitCode = await runCommand(process.argv.slice(2), verbs, {
    directory: process.cwd(),
    environment: process.env,
    interactive: process.stdout.isTTY === true,
    writeOut: (text) => void process.stdout.write(text),
    writeErr: (text) => void process.stderr.write(text),
  });
}
