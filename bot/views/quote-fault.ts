import type { PulltrainError } from '../../pipelines/errors.ts';

/** A fault of the repository as an answer. In a fence nothing of it becomes a link, a mention or a command. */
export function quoteFault(error: PulltrainError): string {
  const fence = '~~~~~~';
  return `This did not work:\n\n${fence}text\n${error.message.slice(0, 2000).replaceAll('~~~', '')}\n${fence}`;
}
