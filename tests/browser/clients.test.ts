import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.addAccount('Work');
});
afterAll(() => stage[Symbol.asyncDispose]());

test('a client key is shown once, goes into the snippet of that visit, and connects its client', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/clients?new=1`);
  await page.getByLabel('Name').fill('laptop');
  await page.getByRole('button', { name: 'Create key' }).click();
  const shown = page.getByRole('dialog', { name: 'Key for laptop' });
  const key = await shown.locator('code').innerText();
  await page.keyboard.press('Escape');
  expect(await shown.isVisible()).toBe(true);
  await shown.getByRole('link', { name: 'Connect a client with it' }).click();
  await page.getByText('Just made: copies below hold all of it until you leave.').waitFor();
  expect(await page.content()).not.toContain(key);
  await page.getByRole('tab', { name: 'Codex CLI' }).click();
  await page.getByText('OPENAI_BASE_URL does nothing here.').waitFor();
  await page.getByText('Waiting for Codex').waitFor();
  await stage.call(key);
  await page.getByRole('heading', { name: 'Connected' }).waitFor();
  await page.reload();
  await page.getByText('We keep only its digest: paste it where marked.').waitFor();
  expect(complaints).toEqual([]);
});

test('a revoked key leaves the list of active ones and its next call is answered 401', async () => {
  const { key } = await stage.admin.clients.add({ name: 'old laptop' });
  expect((await stage.call(key)).status).toBe(200);
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/clients`);
  await page.getByRole('button', { name: 'Actions for old laptop' }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).click();
  await page.getByRole('button', { name: 'Revoke the key' }).click();
  await page.getByRole('row', { name: /old laptop/ }).waitFor({ state: 'detached' });
  expect((await stage.call(key)).status).toBe(401);
});

test('a guessable key is named as one, with what it can cost', async () => {
  await stage.admin.clients.add({ name: 'default', value: 'sk-codex-account-manager' });
  await using visit = await stage.visit();
  await visit.page.goto(`${stage.origin}/admin/clients`);
  await visit.page.getByText('default is guessable.').waitFor();
});

test('a routing setting is saved from the bar that says what it changes, and survives a reload', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/settings`);
  await page.getByRole('radio', { name: /Round robin/ }).check();
  await page.getByText('Least used becomes Round robin.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('radio', { name: /Round robin/, checked: true }).waitFor();
  expect((await stage.admin.routing.get()).strategy).toBe('round_robin');
});

test('a theme chosen in one visit is there before the first paint of the next', async () => {
  await using visit = await stage.visit({ theme: 'light' });
  const { page } = visit;
  await page.getByText(/^Live · /).waitFor();
  await page.keyboard.press('t');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await page.reload({ waitUntil: 'commit' });
  await page.locator('body').waitFor({ state: 'attached' });
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
});
