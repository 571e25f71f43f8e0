import type { Person } from './open-person.ts';
import type { Timeline } from './timeline.ts';

export const owner = 'acme';
export const repo = 'flight-delays';
export const model = 'flight-delay';
export const checkName = `pulltrain / ${model}`;
export const repository = { owner, repo };

/** Prepared tables on disk, before anyone has put them into a store. */
export type StoryTables = {
  /** January to March, without and with the late rates; January to May. */
  firstSnapshot: string;
  ratedSnapshot: string;
  laterSnapshot: string;
  aprilHoldout: string;
  juneHoldout: string;
  aprilTraffic: string;
  juneTraffic: string;
};

/** Addresses of the model servers and the token of their control routes. */
export type StoryServers = { staging: string; production: string; token: string };

/** Where the story takes place: people, servers and the local GitHub's address. Nothing here remembers what happened. */
export type Story = {
  url: string;
  timeline: Timeline;
  maya: Person;
  dana: Person;
  servers: StoryServers;
  tables: StoryTables;
  /** Files of the example by path. */
  example: Readonly<Record<string, string>>;
  /** `pulltrain data add` of a table as `path` in a clone: bytes to the store, pointer beside them. */
  addData(directory: string, data: { path: string; table: string; store: 'training' | 'holdout' }): Promise<void>;
  /** Lets the clock of the schedule strike for one workflow. */
  fireSchedule(workflow: string): Promise<void>;
  /** Replays flights against production until it is stopped, or all of them once. */
  replay(table: string, options: { once: boolean }): Replay;
  signal: AbortSignal;
};

/** `done` settles when the flights are used up or after `stop`; it never rejects for a refused request. */
export type Replay = { done: Promise<ReplayCount>; stop(): Promise<ReplayCount> };
export type ReplayCount = { rows: number; answered: number; failed: number };

export function pageUrl(story: Story, path: string): string {
  return `${story.url}/${owner}/${repo}/${path}`;
}
