import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChromium, noChromium, openChromium } from '../../browser.ts';
import { type FakeGithub, startFakeGithub } from './fake-github.ts';
import { answers } from './fixtures/github-answers.ts';

const chromium = findChromium();
const changes: Record<string, unknown> = {};
let github: FakeGithub;
let browser: Browser | null = null;

beforeAll(async () => {
  github = await startFakeGithub(changes);
  browser = chromium === null ? null : await openChromium(chromium);
});
afterAll(async () => {
  await browser?.close();
  await github.close();
});

test('a person sees the verdict, the numbers and the checks of a pull request', async ({ skip }) => {
  if (browser === null) return skip(noChromium);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${github.url}/acme/flight-delays/pull/2`);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Add 7-day late rates by airport #2');
  const comment = page.getByRole('article', { name: 'Comment by pulltrain[bot]' });
  expect(await comment.getByRole('heading', { level: 2 }).textContent()).toContain('better than production');
  const row = comment.getByRole('row').filter({ hasText: 'ROC AUC' });
  expect(await row.getByRole('cell').allTextContents()).toEqual([
    'ROC AUC ↑',
    '0.6477',
    '0.6630',
    '+0.0153 [+0.0139, +0.0167]',
    '≥ base − 0.002',
    '✅',
  ]);
  const check = page.getByRole('listitem').filter({ hasText: 'pulltrain / flight-delay' });
  expect(await check.getByRole('img').getAttribute('aria-label')).toBe('Successful');
  expect(await colourOf(page, '.check-row .tone-good')).toBe('rgb(26, 127, 55)');
  await comment.getByText('Fairness by origin region').click();
  expect(await comment.getByRole('cell', { name: 'Northeast' }).isVisible()).toBe(true);
  expect(errors).toEqual([]);
  await page.close();
});

test('a failed required check is red and blocks the merge', async ({ skip }) => {
  if (browser === null) return skip(noChromium);
  const page = await browser.newPage();
  await page.goto(`${github.url}/acme/flight-delays/pull/3`);
  expect(await page.getByRole('heading', { name: 'Merging is blocked' }).isVisible()).toBe(true);
  const check = page.getByRole('listitem').filter({ hasText: 'pulltrain / flight-delay' });
  expect(await check.getByRole('img').getAttribute('aria-label')).toBe('Failed');
  expect(await check.getByText('Required').isVisible()).toBe(true);
  expect(await colourOf(page, '.check-row .tone-bad')).toBe('rgb(207, 34, 46)');
  await page.close();
});

test.for([
  '/',
  '/acme/flight-delays',
  '/acme/flight-delays/blob/main/params.yaml',
  '/acme/flight-delays/pull/2',
  '/acme/flight-delays/pull/2/files',
  '/acme/flight-delays/pull/2/checks',
  '/acme/flight-delays/actions/runs/72',
  '/acme/flight-delays/actions/runs/71/job/711',
  '/acme/flight-delays/releases',
  '/acme/flight-delays/deployments',
  '/acme/flight-delays/issues/4',
])('%s fits a phone: only its wide parts scroll sideways', async (path, { skip }) => {
  if (browser === null) return skip(noChromium);
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await page.goto(`${github.url}${path}`);
  const width = await page.evaluate('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(390);
  await page.close();
});

test('a page that is moving shows what has happened since, and keeps open what a person opened', async ({ skip }) => {
  if (browser === null) return skip(noChromium);
  const page = await browser.newPage();
  await page.goto(`${github.url}/acme/flight-delays/pull/2`);
  await page.getByText('Fairness by origin region').click();
  const path = '/repos/acme/flight-delays/issues/2/comments';
  const late = { id: 999, user: { login: 'maya' }, body: 'Merging **now**', created_at: '2026-11-21T10:29:00Z' };
  changes[path] = [...listOf(answers[path]), late];
  await page.getByText('Merging now').waitFor({ timeout: 10_000 });
  expect(await page.getByRole('cell', { name: 'Northeast' }).isVisible()).toBe(true);
  delete changes[path];
  await page.close();
});

function colourOf(page: { evaluate(script: string): Promise<unknown> }, selector: string): Promise<unknown> {
  return page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).color`);
}

function listOf(answer: unknown): unknown[] {
  return Array.isArray(answer) ? answer : [];
}
