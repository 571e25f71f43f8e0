import type { GitHub } from '../adapters/github/client.ts';
import type { Author } from '../adapters/github/is-written-by.ts';
import type { Clock } from '../pipelines/ports/clock.ts';
import type { Ledger } from '../pipelines/ports/ledger.ts';

/** What a handler may touch: GitHub as the App's installation in one repository, its ledger, the time and a log. */
export type BotPorts = {
  github: GitHub;
  ledger: Ledger;
  author: Author;
  clock: Clock;
  log: BotLog;
};

export type BotLog = {
  info(facts: Record<string, unknown>, message: string): void;
  error(facts: Record<string, unknown>, message: string): void;
};
