import type { Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../lib/base/secret.ts';
import { MASTER_KEY, openStage, type Stage, signIn } from './stage.ts';

/** A busy machine takes its time. */
const WITHIN = { timeout: 15_000 };
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.addAccount('Work');
});
afterAll(() => stage[Symbol.asyncDispose]());

test('a visitor without a session is led to the unlock page and back to where they were going', async () => {
  await using visit = await stage.visit({ signedIn: false });
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/accounts?show=serving`);
  await page.waitForURL(/\/admin\/unlock/);
  await signIn(page);
  await page.waitForURL(`${stage.origin}/admin/accounts?show=serving`);
  await page.getByRole('cell', { name: 'Work' }).first().waitFor();
});

test('the way back leads to a page of ours or to the overview, never elsewhere', async () => {
  await using visit = await stage.visit({ signedIn: false });
  await visit.page.goto(`${stage.origin}/admin/unlock?to=${encodeURIComponent('//evil.example/admin')}`);
  await signIn(visit.page);
  await visit.page.waitForURL(`${stage.origin}/admin`);
});

test('a wrong key says how many tries are left and keeps what was typed', async () => {
  await using visit = await stage.visit({ signedIn: false });
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/unlock`);
  const field = page.getByLabel('Master key', { exact: true });
  await field.fill('not the master key');
  await field.press('Enter');
  await page.getByText(/That is not the master key\. 4 tries left/).waitFor();
  expect(await field.inputValue()).toBe('not the master key');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await signIn(page);
});

test('a session that ends while somebody types takes the page down and keeps the draft', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/accounts?add=1`);
  await page.getByLabel('Name').fill('Half typed');
  stage.server.app.sessions.endAll();
  await page.getByRole('dialog', { name: 'Your session ended' }).waitFor();
  expect(await page.getByText('Your unsaved change is kept.').isVisible()).toBe(true);
  expect(await page.content()).not.toContain('Half typed');
  expect(await page.content()).not.toContain('org-work');
  await page.getByLabel('Master key', { exact: true }).fill(MASTER_KEY);
  await page.getByRole('button', { name: 'Unlock and go on' }).click();
  await page.getByRole('dialog', { name: 'Add account' }).waitFor();
  expect(await page.getByLabel('Name').inputValue()).toBe('Half typed');
});

test('locking from another place asks for the master key over the page and says what clients meet', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.getByText(/^Live · /).waitFor();
  await stage.admin.session.lock({ panic: true });
  await page.getByRole('dialog').waitFor();
  await page.getByLabel('Master key', { exact: true }).fill(MASTER_KEY);
  await page.getByRole('button', { name: 'Unlock and go on' }).click();
  await page.getByText(/^Live · /).waitFor();
  expect(stage.server.vaultState()).toBe('unlocked');
});

test('after five wrong tries the button itself counts down, and the right key must wait for it', async () => {
  await stage.admin.session.lock({ panic: true });
  await using visit = await stage.visit({ signedIn: false });
  const { page } = visit;
  await page.goto(`${stage.origin}/admin`);
  await page.getByRole('heading', { name: 'Codex Accounts is locked' }).waitFor();
  const field = page.getByLabel('Master key', { exact: true });
  const unlock = page.getByRole('button', { name: 'Unlock', exact: true });
  for (let left = 4; left >= 0; left--) {
    await field.fill(`wrong key number ${left}`);
    await unlock.click();
    if (left > 0) await page.getByText(new RegExp(`${left} tr(y|ies) left`)).waitFor();
  }
  const paused = page.getByRole('button', { name: /^Try again in / });
  await paused.waitFor();
  expect(await paused.isDisabled()).toBe(true);
  expect(await field.inputValue()).toBe('wrong key number 0');
  await unlock.waitFor();
  await signIn(page);
  await stage.server.openWith(new Secret(MASTER_KEY)).catch(() => {});
});

test('a page that nobody sees watches nothing, so that it keeps no session alive', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  const watching = new Set<Request>();
  page.on('request', (request) => {
    if (request.url().includes('live.watch')) watching.add(request);
  });
  page.on('requestfailed', (request) => watching.delete(request));
  page.on('requestfinished', (request) => watching.delete(request));
  const show = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await page.goto(`${stage.origin}/admin`);
  await expect.poll(() => watching.size, WITHIN).toBe(1);
  await show(true);
  await expect.poll(() => watching.size, WITHIN).toBe(0);
  await show(false);
  await expect.poll(() => watching.size, WITHIN).toBe(1);
});

test('a key typed before the page listens goes nowhere, least of all into the address', async () => {
  const context = await stage.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  await page.goto(`${stage.origin}/admin/unlock`);
  const field = page.getByLabel('Master key', { exact: true });
  await field.fill('typed too early');
  const before = asked.length;
  await field.press('Enter');
  // What would send it nevertheless is refused by the page's own rules, and the browser says so.
  const refused = page.waitForEvent('console', (message) => message.text().includes('form-action'));
  await page.locator('form').evaluate((form: HTMLFormElement) => form.submit());
  await refused;
  expect(asked.slice(before)).toEqual([]);
  expect(page.url()).toBe(`${stage.origin}/admin/unlock`);
  expect(await field.inputValue()).toBe('typed too early');
  await context.close();
});
