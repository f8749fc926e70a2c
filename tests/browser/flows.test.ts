/** What happens around a page that stays open: accounts fail and recover, files go out and in, hands stay on the keys. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DIST } from '../../server/launch/places.mjs';
import { MASTER_KEY, openStage, type Stage, signIn } from './stage.ts';

const FLAKY = 'sk-emulated-flaky-0123456789';
let stage: Stage;
let clientKey: string;

beforeAll(async () => {
  stage = await openStage();
  await stage.addAccount('Flaky', FLAKY);
  clientKey = (await stage.admin.clients.add({ name: 'opencode' })).key;
});
afterAll(() => stage[Symbol.asyncDispose]());

test('an account fails and recovers before the eyes of whoever looks, without a reload', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/accounts`);
  const row = page.getByRole('row', { name: /Flaky/ });
  await row.waitFor();
  await page.getByText(/^Live · /).waitFor();
  stage.emulator.script(FLAKY, {
    steps: [
      {
        fault: { kind: 'refuse', status: 429, code: 'rate_limit_exceeded', retryAfterS: 2 },
        times: 1,
      },
    ],
  });
  await stage.call(clientKey);
  await row.getByText('Cooling down').waitFor();
  expect(await row.innerText()).toMatch(/back in 0:0\d/);
  await row.getByText('Cooling down').waitFor({ state: 'detached' });
  expect((await stage.call(clientKey)).status).toBe(200);
  await row.getByText('Healthy').waitFor();
  expect(complaints).toEqual([]);
});

test('a page outlives its server: it says so, and goes on where it was once the server is back', async () => {
  const home = mkdtempSync(join(tmpdir(), 'cam-flows-'));
  const run = (port: number) => serve(home, port);
  const first = await run(0);
  const context = await stage.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const second: Served[] = [];
  try {
    await page.goto(`${first.origin}/admin/unlock`);
    await signIn(page);
    await page.goto(`${first.origin}/admin/accounts?add=1`);
    await page.getByRole('dialog', { name: 'Add account' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(/^Live · /).waitFor();
    await first.stop();
    await page.getByText(/reconnecting|Figures from|No answer/).waitFor();
    await page.getByText('Not answering').first().waitFor();
    expect(await page.locator('.stale').count()).toBe(1);
    second.push(await run(first.port));
    // Sign-ins end with the process: the page asks for the key over itself.
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Master key', { exact: true }).fill(MASTER_KEY);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(/^Live · /).waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin/accounts');
  } finally {
    await context.close();
    await first.stop();
    for (const one of second) await one.stop();
    rmSync(home, { recursive: true, force: true });
  }
}, 90_000);

interface Served {
  readonly origin: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** The built server as a process of its own. */
async function serve(home: string, port: number): Promise<Served> {
  const child = spawn(process.execPath, [join(DIST, 'cam.js'), 'proxy', '--port', String(port)], {
    env: { ...process.env, NODE_ENV: 'production', CAM_HOME: home, CAM_MASTER_KEY: MASTER_KEY },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const origin = await new Promise<string>((resolve, reject) => {
    let said = '';
    const hear = (text: string): void => {
      said += text;
      const found = /(http:\/\/127\.0\.0\.1:\d+)\/admin/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    void ended.then(() => reject(new Error(`the server ended: ${said}`)));
  });
  return {
    origin,
    port: Number(new URL(origin).port),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}

test('an export is taken away, and shown as the same when it comes back', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  const passphrase = 'tangerine-harbour-ladder-mosaic-71';
  await page.goto(`${stage.origin}/admin/settings?section=moving`);
  const form = page.getByRole('form', { name: 'Export' });
  await form.getByLabel('Passphrase', { exact: true }).first().waitFor();
  await form.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase);
  await form.getByRole('textbox', { name: 'The passphrase again' }).fill(passphrase);
  await form.getByRole('textbox', { name: 'Master key' }).fill(MASTER_KEY);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    form.getByRole('button', { name: 'Export' }).click(),
  ]);
  const file = readFileSync(await download.path());
  expect(file.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
  expect(file.includes(FLAKY)).toBe(false);

  const inward = page.getByRole('region', { name: 'Import' });
  await inward.locator('input[type="file"]').setInputFiles({
    name: download.suggestedFilename(),
    mimeType: 'application/octet-stream',
    buffer: file,
  });
  await inward.getByRole('textbox', { name: 'Passphrase of the file' }).fill('not the passphrase at all');
  await inward.getByRole('button', { name: 'Show what it would do' }).click();
  await inward.getByRole('alert').waitFor();
  await inward.getByRole('textbox', { name: 'Passphrase of the file' }).fill(passphrase);
  await inward.getByRole('button', { name: 'Show what it would do' }).click();
  await inward
    .getByText('Nothing written yet', { exact: false })
    .or(inward.getByText('Same'))
    .first()
    .waitFor();
  expect(await inward.innerText()).toContain('Same');
  expect(await stage.admin.accounts.list()).toHaveLength(1);
  expect(complaints.filter((text) => !text.includes('400') && !text.includes('422'))).toEqual([]);
});

test('hands that stay on the keys unlock, add an account and take a client’s file along', async () => {
  await using visit = await stage.visit({ signedIn: false });
  const { page, context, complaints } = visit;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const tabTo = async (name: string | RegExp): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      const here = await page.evaluate(() => {
        const element = document.activeElement;
        return element === null ? '' : (element.getAttribute('aria-label') ?? element.textContent ?? '');
      });
      if (typeof name === 'string' ? here.trim() === name : name.test(here)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no ${name} was reached by Tab`);
  };
  stage.emulator.addKey({ key: 'sk-emulated-typed-0123456789', organization: 'org-typed' });
  await page.goto(`${stage.origin}/admin/unlock`);
  // The page listens, and has put the focus where one types.
  await page.getByRole('button', { name: 'Sign in' }).and(page.locator(':enabled')).waitFor();
  await page.keyboard.type(MASTER_KEY);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/admin\/?$/);
  await page.getByText(/^Live · /).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('row', { name: /Flaky/ }).waitFor();
  await tabTo('Add account');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Add account' });
  await panel.waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.getByRole('heading', { name: 'Connect', level: 1 }).waitFor();
  await tabTo('Copy');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(stage.server.url);
  expect(complaints).toEqual([]);
});

test('nothing moves for whoever has asked for less motion', async () => {
  const motionOf = async (reducedMotion: 'reduce' | 'no-preference') => {
    const context = await stage.browser.newContext({ reducedMotion });
    const page = await context.newPage();
    await page.goto(`${stage.origin}/admin/unlock`);
    await signIn(page);
    await page.getByText(/^Live · /).waitFor();
    const found = await page.evaluate(() => {
      const styles = [...document.querySelectorAll('*')].map((element) => getComputedStyle(element));
      const lasting = (text: string) => text.split(',').some((part) => Number.parseFloat(part) > 0);
      return styles.filter(
        ({ transitionDuration, animationName, animationDuration }) =>
          lasting(transitionDuration) || (animationName !== 'none' && lasting(animationDuration)),
      ).length;
    });
    await context.close();
    return found;
  };
  expect(await motionOf('no-preference')).toBeGreaterThan(10);
  expect(await motionOf('reduce')).toBe(0);
});
