import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawChart } from '../../../adapters/charts/draw-chart.ts';
import { renderPage } from '../../../reports/page/render-page.ts';
import { subjectOfJudgement } from '../../../reports/page/subject.ts';
import { findChromium, noChromium, openChromium } from '../../browser.ts';
import { fullJudgement } from './full-judgement.ts';

const chromium = findChromium();
let folder = '';
let address = '';
let browser: Browser | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  const file = join(folder, 'report.html');
  const judgement = fullJudgement({
    text: '<img src=x onerror=alert(1)> very-long-name-without-any-place-to-break-it',
  });
  await writeFile(file, await renderPage(subjectOfJudgement(judgement), {}, drawChart));
  address = pathToFileURL(file).href;
  browser = chromium === null ? null : await openChromium(chromium);
}, 30_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a person reads the page on a desk, on a telephone, in the dark and without a mouse', async ({ skip }) => {
  if (browser === null) return skip(noChromium);
  const colours = new Set<string>();
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('request', (request) => request.url() !== address && said.push(request.url()));
    await page.goto(address);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Judgement of flight-delay');
    expect(await page.getByRole('img', { name: /^ROC curve: ROC AUC 0\.\d+/ }).count()).toBe(1);
    // Nothing but tables is wider than the screen, and those scroll on their own.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    colours.add(
      await page
        .locator('body')
        .evaluate((body) => body.ownerDocument.defaultView?.getComputedStyle(body).backgroundColor ?? ''),
    );
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the report');
    await page.locator('#roc-curve summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#roc-curve').getByRole('table', { name: 'ROC curve' }).isVisible()).toBe(true);
    expect(said).toEqual([]);
    await page.close();
  }
  expect(colours.size).toBe(2);
}, 60_000);
