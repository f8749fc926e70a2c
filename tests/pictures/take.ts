/**
 * Takes the pictures of the README from the demonstration, always at the same moment of the same month, so that they show what
 * there is and change only when that does. `node tests/pictures/take.ts [FOLDER]`, else into `docs/pictures`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { Clock } from '../../lib/base/time.ts';
import { loadConfig } from '../../server/config.ts';
import { DEMO_MASTER_KEY, startDemo } from '../../server/demo/run.ts';
import { createLogger } from '../../server/log.ts';
import { writeRunFile } from '../../server/run-file.ts';
import { openScreen } from '../server/tui/screen.ts';
import { terminalPage } from './terminal-page.ts';

/** A working day, half past two. */
const AT_MS = Date.UTC(2026, 10, 24, 14, 32);
const SEED = 7;
const OUT = process.argv[2] ?? join(import.meta.dirname, '..', '..', 'docs', 'pictures');

const PICTURES = [
  { name: 'overview-light', path: '/admin', width: 1440, height: 1000, theme: 'light' },
  { name: 'overview-dark', path: '/admin', width: 1440, height: 1000, theme: 'dark' },
  { name: 'overview-phone', path: '/admin', width: 390, height: 844, theme: 'light' },
  { name: 'requests-light', path: '/admin/requests', width: 1440, height: 900, theme: 'light' },
  { name: 'usage-light', path: '/admin/usage', width: 1440, height: 1200, theme: 'light' },
] as const;

const TERMINALS = [
  { name: 'terminal-accounts', keys: '' },
  { name: 'terminal-live', keys: '2jjj' },
] as const;

const startedAt = performance.now();
const clock: Clock = {
  nowMs: () => Math.floor(AT_MS + performance.now() - startedAt),
  monotonicMs: () => performance.now(),
};
const folder = mkdtempSync(join(tmpdir(), 'cam-pictures-'));
const demo = await startDemo({
  settings: loadConfig({ env: { CAM_PORT: '0' }, flags: {}, folders: { config: folder } }),
  log: createLogger({ level: 'error', destination: { write: (line) => process.stderr.write(line) } }),
  clock,
  seed: SEED,
  live: true,
});
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  await demo.running.warmPages();
  for (const picture of PICTURES) {
    const context = await browser.newContext({
      viewport: { width: picture.width, height: picture.height },
      deviceScaleFactor: picture.width < 600 ? 2 : 1,
      colorScheme: picture.theme,
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
    });
    const page = await context.newPage();
    // The page's clock is the server's: what counts down must agree.
    await page.clock.install({ time: clock.nowMs() });
    await enter(page);
    await page.goto(demo.running.adminUrl.replace('/admin', picture.path));
    await page.waitForFunction(() => document.querySelectorAll('[data-bone]').length === 0);
    // A few ticks of the live link, so that calls under way are seen.
    await page.waitForFunction(() => document.querySelector('main')?.textContent?.includes('gpt-') ?? false);
    await page.screenshot({ path: join(OUT, `${picture.name}.png`) });
    process.stdout.write(`${picture.name}\n`);
    await context.close();
  }
  await takeTerminals();
} finally {
  await browser.close();
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
}

async function enter(page: Page): Promise<void> {
  await page.goto(`${demo.running.adminUrl}/unlock`);
  await page.getByLabel('Master key', { exact: true }).fill(DEMO_MASTER_KEY);
  // Until the page listens, Enter would be lost.
  await page.locator('button[type="submit"]:enabled').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/admin$/);
}

/** The terminal UI as a person at a terminal sees it. */
async function takeTerminals(): Promise<void> {
  writeRunFile(folder, {
    pid: process.pid,
    ...demo.running.bound,
    startId: demo.startId,
    version: 'pictures',
  });
  for (const { name, keys } of TERMINALS) {
    const screen = openScreen(
      ['--home', folder],
      { HOME: folder, TZ: 'UTC', CAM_MASTER_KEY: DEMO_MASTER_KEY },
      [124, 36],
    );
    const page = await browser.newPage({ deviceScaleFactor: 1.5 });
    try {
      await screen.shows(/▸ Work/);
      screen.type(keys);
      await screen.shows(keys === '' ? 'organization' : 'Attempts');
      await page.setContent(terminalPage(screen));
      await page.locator('pre').screenshot({ path: join(OUT, `${name}.png`) });
    } finally {
      await page.close();
      await screen.close();
    }
  }
}
