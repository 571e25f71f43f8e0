import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chapters } from '../../sandbox/story/chapters/chapters.ts';
import { prepareTables } from '../../sandbox/story/prepare-tables.ts';
import { startWorld, type World } from '../../sandbox/story/start-world.ts';
import { createTimeline } from '../../sandbox/story/timeline.ts';
import { buildActions } from '../../scripts/build-actions.ts';
import { findChromium, noChromium, openChromium } from '../browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = join(root, '.pulltrain/test/whole-loop');
const minutes = 60_000;

// One story in order: a chapter starts where the one before it ended.
describe('the whole loop on three million flights', () => {
  const timeline = createTimeline({ write: () => true }, () => performance.now() / 1000);
  let world: World;

  beforeAll(async () => {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    await buildActions();
    const { tables } = await prepareTables(join(directory, 'tables'));
    const signal = new AbortController().signal;
    world = await startWorld({
      root,
      directory,
      port: 0,
      tables,
      timeline,
      signal,
      checkOpenApi: true,
      links: () => [],
    });
  }, 3 * minutes);
  afterAll(async () => {
    // Rejects when an exchange with the local GitHub was against GitHub's own description.
    await world.close();
    await rm(directory, { recursive: true, force: true });
  }, minutes);

  it.each(chapters.map((chapter, index) => ({ number: index + 1, ...chapter })))(
    'chapter $number, $title',
    async ({ number, title, play, check }) => {
      const { story } = world;
      await timeline.chapter(number, title, () => play(story));
      const facts = await check({ octokit: story.maya.octokit, servers: story.servers });
      expect(facts.filter(({ holds }) => !holds)).toEqual([]);
      expect(facts.length).toBeGreaterThan(3);
    },
    5 * minutes,
  );

  describe("chapter 2's pull request, in a browser", () => {
    const chromium = findChromium();
    let browser: Browser | null = null;

    beforeAll(async () => {
      browser = chromium === null ? null : await openChromium(chromium);
    });
    afterAll(async () => {
      await browser?.close();
    });

    it(
      'shows verdict, numbers, fairness and a merged, green state',
      async (context) => {
        if (browser === null) return context.skip(noChromium);
        const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
        const faults: string[] = [];
        page.on('pageerror', (error) => faults.push(error.message));
        await page.goto(`${world.story.url}/acme/flight-delays/pull/2`);

        expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('Add 7-day late rates by airport');
        const text = await page.locator('main').innerText();
        expect(text).toContain('Merged');
        expect(text).toMatch(/better than base \(ROC AUC \+0\.0\d+, 95 % CI/);
        expect(text).toContain('pulltrain / flight-delay');
        expect(text).toMatch(/Fairness by origin_region/);
        const table = page.getByRole('table').filter({ hasText: 'ROC AUC' }).first();
        expect(await table.locator('th').allInnerTexts()).toEqual(expect.arrayContaining(['Metric', 'Base', 'Head']));
        // A person reads the page, not its source.
        expect(text).not.toContain('<!--');
        expect(text).not.toContain('\\_');
        expect(faults).toEqual([]);
      },
      minutes,
    );
  });
});
