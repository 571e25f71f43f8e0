import { parentPort } from 'node:worker_threads';
import type { ObjectTask, TaskMessage } from './object-task.ts';
import { openTaskRunner } from './run-object-task.ts';

/** Bytes between two messages about progress. */
const step = 8 * 1024 * 1024;

/** A thread that reads, hashes and packs: one task at a time, each answered by one message. */
const port = parentPort;
if (port !== null) {
  const send = (message: TaskMessage) => port.postMessage(message);
  let passed = 0;
  const tell = () => {
    if (passed > 0) send({ type: 'bytes', count: passed });
    passed = 0;
  };
  const runner = openTaskRunner((bytes) => {
    passed += bytes;
    if (passed >= step) tell();
  });
  port.on('message', (task: ObjectTask) => {
    try {
      const result = runner.run(task);
      tell();
      send({ type: 'done', result });
    } catch (thrown) {
      runner.abandon();
      const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'internal';
      send({ type: 'failed', code, message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  });
}
