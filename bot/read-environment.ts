import { PulltrainError } from '../pipelines/errors.ts';

export type BotSettings = {
  appId: number;
  privateKey: string;
  secret: string;
  /** 0 takes a free port. */
  port: number;
  /** Address listened on. */
  host: string;
  /** Without a trailing slash. */
  apiUrl: string;
};

/** Characters of the shortest webhook secret that is accepted. */
const shortestSecret = 32;

/** The bot's settings out of environment variables; throws `bot-misconfigured` with every fault at once. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): BotSettings {
  const faults: string[] = [];
  const text = (name: string): string => (environment[name] ?? '').trim();

  const appId = Number(text('APP_ID'));
  if (!Number.isSafeInteger(appId) || appId < 1) faults.push('APP_ID must be the number of the GitHub App');
  // Environment files hold a key on one line, with \n for its line ends.
  const privateKey = text('PRIVATE_KEY').replaceAll('\\n', '\n');
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n/.test(privateKey))
    faults.push('PRIVATE_KEY must be the PEM text of the App');
  const secret = text('WEBHOOK_SECRET');
  if (secret === '') faults.push('WEBHOOK_SECRET is missing: without one, anybody can send events');
  else if (secret === 'development') faults.push('WEBHOOK_SECRET is "development", which everybody knows');
  else if (secret.length < shortestSecret) {
    faults.push(`WEBHOOK_SECRET is too short to be one: ${shortestSecret} characters or more`);
  }
  const port = Number(text('PORT') || '3000');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push('PORT must be a number from 0 to 65535');
  const host = text('HOST') || '127.0.0.1';
  const apiUrl = (text('GITHUB_API_URL') || 'https://api.github.com').replace(/\/+$/, '');
  if (!URL.canParse(apiUrl) || !/^https?:/.test(apiUrl)) faults.push('GITHUB_API_URL must be an http or https address');

  if (faults.length === 0) return { appId, privateKey, secret, port, host, apiUrl };
  throw new PulltrainError('bot-misconfigured', {
    what: faults.join('; '),
    where: 'environment',
    cure: 'Set these variables and start the bot again',
  });
}
