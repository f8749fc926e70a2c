import { afterAll, beforeAll, expect, test } from 'vitest';
import { MASTER_KEY, openStage, type Stage } from './stage.ts';

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

test('a client key gets a limit of five hours at once, and a higher one with the master key only', async () => {
  await stage.admin.clients.add({ name: 'nightly' });
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  const edit = async (amount: string) => {
    await page.getByRole('button', { name: 'Actions for nightly' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit nightly' });
    const more = dialog.getByText('More limits');
    if (!(await dialog.getByLabel('Amount').isVisible())) {
      await more.click();
      await dialog.getByRole('button', { name: 'Add a limit' }).click();
    }
    await dialog.getByLabel('Amount').fill(amount);
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    return dialog;
  };
  await page.goto(`${stage.origin}/admin/clients`);
  await (await edit('5')).waitFor({ state: 'detached' });
  const limits = async () =>
    (await stage.admin.clients.list()).find(({ name }) => name === 'nightly')?.limits;
  expect(await limits()).toEqual({ five_hours: { requests: 5 } });
  const dialog = await edit('6');
  await dialog.getByText('This gives the key more than it had.').waitFor();
  expect(await limits()).toEqual({ five_hours: { requests: 5 } });
  await dialog.getByRole('textbox', { name: 'Master key' }).fill(MASTER_KEY);
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await limits()).toEqual({ five_hours: { requests: 6 } });
  await page.getByRole('button', { name: 'Actions for nightly' }).click();
  await page.getByRole('menuitem', { name: 'Count use anew' }).click();
  const reset = page.getByRole('dialog', { name: 'Count nightly anew' });
  await reset.getByRole('textbox', { name: 'Master key' }).fill(MASTER_KEY);
  await page.keyboard.press('Enter');
  await reset.waitFor({ state: 'detached' });
  // The ledger writes events a moment after the deed.
  const kinds = async () => (await stage.admin.events.list({ limit: 5 })).map(({ kind }) => kind);
  await expect.poll(kinds).toContain('client_key.use_reset');
  // The one complaint is the browser's own about the answer that asked for the master key.
  expect(complaints.filter((text) => !text.includes('403'))).toEqual([]);
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
  await page.getByText('Strategy: Least used becomes Round robin.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('radio', { name: /Round robin/, checked: true }).waitFor();
  expect((await stage.admin.status.get()).strategy).toBe('round_robin');
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
