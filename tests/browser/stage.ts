/**
 * The whole program for a browser to visit: the real server over an in-memory database, the emulated provider
 * behind it, and an installed Chromium in front. What a page says on its console is kept, because a page that
 * is right says nothing.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { Secret } from '../../lib/base/secret.ts';
import { type AdminRouter, IN_PROCESS } from '../../server/admin/router.ts';
import { systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { createEmulator, type Emulator } from '../../server/demo/emulator.ts';
import { findChromium } from '../../server/launch/chromium.mjs';
import { createLogger } from '../../server/log.ts';
import { boot, type Running } from '../../server/main.ts';

export const MASTER_KEY = 'a master key for browser tests';
type AdminCaller = ReturnType<AdminRouter['createCaller']>;
const CHEAP_KDF = { memoryKib: 65_536, passes: 1, lanes: 1 };

export interface Stage extends AsyncDisposable {
  readonly origin: string;
  readonly server: Running;
  readonly emulator: Emulator;
  readonly admin: AdminCaller;
  readonly browser: Browser;
  /** A new visitor: a context of its own with nothing stored. */
  visit(options?: VisitOptions): Promise<Visit>;
  /** A call as a client makes it, awaited to its end. */
  call(clientKey: string, model?: string): Promise<Response>;
  addAccount(name: string, key?: string): Promise<string>;
}

export interface VisitOptions {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly signedIn?: boolean;
}

export interface Visit extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions, that no test asked for. */
  readonly complaints: string[];
}

export interface StageOptions {
  readonly initialised?: boolean;
  /** The configuration file. */
  readonly toml?: string;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  if (!existsSync(join(import.meta.dirname, '..', '..', '.next', 'BUILD_ID'))) {
    throw new Error('the dashboard is not built; npm test builds it first');
  }
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no Chromium was found; npm test says how to install one');
  // Next renders for production only when it is told so; the test runner says `test`.
  Object.assign(process.env, { NODE_ENV: 'production' });
  const folder = mkdtempSync(join(tmpdir(), 'cam-browser-'));
  if (options.toml !== undefined) writeFileSync(join(folder, 'config.toml'), options.toml);
  const emulator = await createEmulator();
  const server = await boot({
    settings: loadConfig({ env: { CAM_PORT: '0' }, flags: {}, folders: { config: folder } }),
    dataFolder: null,
    databaseFile: ':memory:',
    log: createLogger({ level: 'error', destination: { write: (line) => process.stderr.write(line) } }),
    clock: systemClock,
    env: {},
    kdfParameters: CHEAP_KDF,
    startId: 'browser-test',
  });
  if (options.initialised !== false) await server.openWith(new Secret(MASTER_KEY));
  await server.warmPages();
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  const origin = server.adminUrl.replace('/admin', '');
  const admin = server.app.router.createCaller(IN_PROCESS);
  return {
    origin,
    server,
    emulator,
    admin,
    browser,
    visit: (more = {}) => visit(browser, origin, more),
    call: (clientKey, model = 'gpt-5.5') => call(server.url, clientKey, model),
    addAccount: (name, key) => addAccount(admin, emulator, name, key),
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server.close(1_000);
      await emulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function visit(browser: Browser, origin: string, options: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.theme ?? 'light',
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  if (options.signedIn !== false) {
    await page.goto(`${origin}/admin/unlock`);
    await signIn(page);
  }
  return { context, page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** From the unlock page to the dashboard. */
export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Master key', { exact: true }).fill(MASTER_KEY);
  // Until the page listens, Enter would be lost.
  await page.locator('button[type="submit"]:enabled').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/admin/unlock'));
}

async function call(url: string, clientKey: string, model: string): Promise<Response> {
  const response = await fetch(`${url}/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, input: 'say hi' }),
  });
  await response.clone().text();
  return response;
}

async function addAccount(
  admin: AdminCaller,
  emulator: Emulator,
  name: string,
  key = `sk-emulated-${name.toLowerCase().replaceAll(/[^a-z]/g, '')}-0123456789`,
): Promise<string> {
  emulator.addKey({ key, organization: `org-${name.toLowerCase().replaceAll(/[^a-z]/g, '')}` });
  const added = await admin.accounts.add({
    name,
    key,
    baseUrl: emulator.baseUrl,
    allowLocal: true,
    limits: { day: { cost: 25_000_000_000 } },
  });
  return added.account.id;
}
