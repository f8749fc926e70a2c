/**
 * Every page from the demonstration's month of data, in both themes and at every width: nothing sticks out, nothing
 * complains, and a picture of each is left in `test-results/pictures` for somebody to look at.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { DEMO_MASTER_KEY, type Demo, startDemo } from '../../server/demo/run.ts';
import { findChromium } from '../../server/launch/chromium.mjs';
import { createLogger } from '../../server/log.ts';
import { overflowAt } from './measure.ts';

const PAGES = [
  ['overview', '/admin'],
  ['accounts', '/admin/accounts'],
  ['account', '/admin/accounts/detail?id={Lab}'],
  ['add-account', '/admin/accounts?add=1'],
  ['requests', '/admin/requests'],
  ['request', '/admin/requests?id={call}'],
  ['usage', '/admin/usage'],
  ['connect', '/admin/connect'],
  ['client-keys', '/admin/clients'],
  ['models', '/admin/models'],
  ['playground', '/admin/playground'],
  ['settings', '/admin/settings'],
  ['settings-limits', '/admin/settings?section=limits'],
] as const;
const THEMES = ['light', 'dark'] as const;
/** 720: a window of 1440 at 200 % zoom. */
const WIDTHS = [1440, 1024, 768, 720, 390, 320] as const;
const PICTURES = join(import.meta.dirname, '..', '..', 'test-results', 'pictures');
const ALL_PAGES_MS = PAGES.length * 15_000;

let demo: Demo;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no Chromium was found; npm test says how to install one');
  Object.assign(process.env, { NODE_ENV: 'production' });
  folder = mkdtempSync(join(tmpdir(), 'cam-demo-pages-'));
  mkdirSync(PICTURES, { recursive: true });
  demo = await startDemo({
    settings: loadConfig({ env: { CAM_PORT: '0' }, flags: {}, folders: { config: folder } }),
    log: createLogger({ level: 'error', destination: { write: (line) => process.stderr.write(line) } }),
    clock: systemClock,
    seed: 7,
    live: true,
  });
  await demo.running.warmPages();
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking'],
  });
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(THEMES)('every page in %s, at every width', { timeout: ALL_PAGES_MS }, async (theme) => {
  const context = await browser.newContext({
    viewport: { width: WIDTHS[0], height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await enter(page);
  const places = await placesOf();
  const wide: string[] = [];
  for (const [name, path] of PAGES) {
    await page.setViewportSize({ width: WIDTHS[0], height: 900 });
    await page.goto(`${origin()}${path.replace(/\{(.+)\}/, (_, place: string) => places[place] ?? '')}`);
    await page.waitForFunction(() => document.querySelectorAll('[data-bone]').length === 0);
    for (const width of WIDTHS) {
      const over = await overflowAt(page, width);
      if (over > 0) wide.push(`${name} at ${width}: ${over} px`);
      await page.screenshot({ path: join(PICTURES, `${name}-${theme}-${width}.png`), fullPage: true });
    }
  }
  expect(wide).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test('the bars of the usage page are of the chosen time, cut and told apart as one likes', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await enter(page);
  await page.goto(`${origin()}/admin/usage`);
  const chart = (name: string) => page.getByRole('region', { name }).getByRole('slider');
  await chart('Spend by account').waitFor();
  await page.getByRole('button', { name: 'The one before' }).click();
  await page.getByRole('radiogroup', { name: 'Bars of' }).getByText('Weeks').click();
  await page.getByRole('radiogroup', { name: 'Group by' }).getByText('Model').click();
  await page.waitForURL(/period=last_month/);
  await expect
    .poll(() => chart('Spend by model').getAttribute('aria-label'))
    .toMatch(/^Spend by model in the month before: gpt-/);
  await page.getByRole('button', { name: 'The one after' }).click();
  await expect.poll(() => chart('Spend by model').getAttribute('aria-label')).toContain('in this month');
  await context.close();
});

test('a page is printed on white, without what is only for the screen, charts included', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  const page = await context.newPage();
  await enter(page);
  await page.goto(`${origin()}/admin/usage`);
  await page.waitForFunction(() => document.querySelectorAll('[data-bone]').length === 0);
  const ground = () =>
    page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      if (canvas === null) throw new Error('a browser can draw');
      canvas.fillStyle = getComputedStyle(document.querySelector('.card') ?? document.body).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    });
  expect(Math.max(...(await ground()))).toBeLessThan(80);
  await page.emulateMedia({ media: 'print' });
  await expect.poll(ground).toEqual([255, 255, 255]);
  expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
  expect(await page.getByRole('heading', { name: 'Usage & cost' }).isVisible()).toBe(true);
  const exact = await page
    .getByRole('slider')
    .first()
    .evaluate((element) => getComputedStyle(element).getPropertyValue('print-color-adjust'));
  expect(exact).toBe('exact');
  mkdirSync(PICTURES, { recursive: true });
  await page.pdf({ path: join(PICTURES, 'usage.pdf'), format: 'A4' });
  await context.close();
});

const origin = (): string => demo.running.adminUrl.replace('/admin', '');

async function placesOf(): Promise<Readonly<Record<string, string>>> {
  const { services } = demo.running.app;
  const accounts = await services.accounts.list();
  const { rows } = await services.requests.list({ limit: 1, outcome: 'delivered' });
  return {
    ...Object.fromEntries(accounts.map(({ id, name }) => [name, id])),
    call: rows[0]?.id ?? '',
  };
}

async function enter(page: Page): Promise<void> {
  await page.goto(`${origin()}/admin/unlock`);
  await page.getByLabel('Master key', { exact: true }).fill(DEMO_MASTER_KEY);
  // Until the page listens, Enter would be lost.
  await page.locator('button[type="submit"]:enabled').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/admin$/);
}
