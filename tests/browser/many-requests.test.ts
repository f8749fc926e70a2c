/** A hundred thousand calls in the store: the list scrolls through them, and only what can be seen is in the page. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountId, clientKeyId } from '../../lib/base/id.ts';
import { createPriceBook } from '../../lib/metering/price-book.ts';
import { monthOf } from '../../server/demo/month.ts';
import { DEMO_ACCOUNTS, DEMO_CLIENTS } from '../../server/demo/story.ts';
import { openStage, type Stage } from './stage.ts';

const CALLS = 100_000;
const ROWS_MAX = 60;
const ROW_PX = 32;
const SCREENS_MAX = 500;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  const accounts = [];
  for (const account of DEMO_ACCOUNTS) {
    accounts.push({ ...account, id: accountId(await stage.addAccount(account.name, account.key)) });
  }
  const clients = [];
  for (const client of DEMO_CLIENTS) {
    const { clientKey } = await stage.admin.clients.add({ name: client.name });
    clients.push({ ...client, id: clientKeyId(clientKey.id) });
  }
  const nowMs = Date.now();
  const prices = createPriceBook({ today: () => nowMs });
  const calls = [];
  for (let seed = 1; calls.length < CALLS; seed++) {
    calls.push(...monthOf({ accounts, clients, prices, nowMs, seed }));
  }
  await stage.server.app.fillHistory(
    calls.slice(0, CALLS).sort((a, b) => a.opened.startedAtMs - b.opened.startedAtMs),
  );
}, 120_000);
afterAll(() => stage[Symbol.asyncDispose]());

const rowsOf = (page: Page) =>
  page.getByRole('region', { name: 'Requests', exact: true }).locator('tbody tr[aria-rowindex]');
const firstIndex = (page: Page) =>
  rowsOf(page)
    .first()
    .getAttribute('aria-rowindex')
    .then((text) => Number(text));

test('scrolling asks for older calls, and never more than sixty rows are in the page', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/requests`);
  await expect.poll(() => rowsOf(page).count()).toBeGreaterThan(10);
  expect(await page.getByRole('table').first().getAttribute('aria-rowcount')).toBe('-1');
  let most = 0;
  // As far as there is something to scroll to: older calls come while one scrolls, on a busy machine later.
  for (let screens = 0; screens < SCREENS_MAX && (await firstIndex(page)) <= 1_000; screens++) {
    await page.mouse.wheel(0, 40 * ROW_PX);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    most = Math.max(most, await rowsOf(page).count());
  }
  expect(await firstIndex(page)).toBeGreaterThan(1_000);
  expect(most).toBeLessThanOrEqual(ROWS_MAX);
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(1_500);
  const row = rowsOf(page).first();
  await row.getByRole('button').click();
  await page.getByRole('complementary', { name: 'The call' }).getByText('Why this account').waitFor();
  // What was open stays in sight while the next one is looked at.
  const before = new URL(page.url()).searchParams.get('id');
  await page.getByRole('button', { name: 'The older call' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('id')).not.toBe(before);
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'The call' }).waitFor({ state: 'detached' });

  await page.keyboard.press('Shift+G');
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
  expect(await firstIndex(page)).toBe(2);
  expect(complaints).toEqual([]);
});

test('a new call waits behind a pill while somebody reads further down', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/requests`);
  await expect.poll(() => rowsOf(page).count()).toBeGreaterThan(10);
  await page.mouse.wheel(0, 400);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(200);
  const top = await rowsOf(page).nth(5).innerText();
  const { key } = await stage.admin.clients.add({ name: 'late' });
  await stage.call(key);
  await page.getByRole('button', { name: '1 new' }).waitFor();
  expect(await rowsOf(page).nth(5).innerText()).toBe(top);
  await page.getByRole('button', { name: '1 new' }).click();
  await expect.poll(() => rowsOf(page).first().innerText()).toContain('late');
});

test('j and k walk the rows, Enter opens one beside the list, and the panel follows', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/requests`);
  await expect.poll(() => rowsOf(page).count()).toBeGreaterThan(10);
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('aria-rowindex') ?? null);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  expect(await focused()).toBe('3');
  await page.keyboard.press('Enter');
  const open = () => new URL(page.url()).searchParams.get('id');
  await expect.poll(open).not.toBeNull();
  await page.getByRole('complementary', { name: 'The call' }).waitFor();
  const first = open();
  await page.keyboard.press('j');
  await expect.poll(open).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(open).toBe(first);
});

test('accounts are selected by keyboard and switched together', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/accounts`);
  await page.getByRole('row', { name: /Work/ }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('2 accounts selected').waitFor();
  await page.keyboard.press('Shift+T');
  const results = page.getByRole('list', { name: 'Results' }).getByRole('listitem');
  await expect.poll(() => results.count(), { timeout: 10_000 }).toBe(2);
  await page.keyboard.press('d');
  await expect
    .poll(async () => (await stage.admin.accounts.list()).filter(({ enabled }) => !enabled).length)
    .toBe(2);
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  await expect
    .poll(async () => (await stage.admin.accounts.list()).filter(({ enabled }) => !enabled).length)
    .toBe(0);
  expect(complaints).toEqual([]);
});

test('the keys 1 to 4 choose the time range', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin`);
  await page.getByRole('radio', { name: '24h', checked: true }).waitFor();
  // What is drawn first listens a moment later.
  await page.getByText(/^Live · /).waitFor();
  await page.keyboard.press('4');
  await page.getByRole('radio', { name: '30d', checked: true }).waitFor();
  await page.keyboard.press('1');
  await page.getByRole('radio', { name: '1h', checked: true }).waitFor();
});
