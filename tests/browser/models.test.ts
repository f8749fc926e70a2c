/** The page of the models: who serves them, what they cost, and prices of one's own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let clientKey: string;

beforeAll(async () => {
  stage = await openStage();
  await stage.addAccount('Work');
  await stage.addAccount('Lab', 'sk-emulated-lab-0123456789');
  clientKey = (await stage.admin.clients.add({ name: 'opencode' })).key;
  await stage.call(clientKey, 'gpt-5.5');
});
afterAll(() => stage[Symbol.asyncDispose]());

test('a model is found, priced by hand, charged at that price, and the published price comes back', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.getByText(/^Live · /).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
  const table = page.getByRole('region', { name: 'Models and prices' });
  await table.getByRole('row').nth(2).waitFor();
  await page.getByRole('searchbox', { name: 'Find a model' }).fill('GPT-5.5');
  const row = table.getByRole('row', { name: /^gpt-5\.5\b(?!-)/ });
  await row.waitFor();
  expect(await row.innerText()).toMatch(/Work\s+Lab/);
  expect(await table.getByRole('row').count()).toBeLessThan(6);

  await row.getByRole('button', { name: 'Price of gpt-5.5' }).click();
  const panel = page.getByRole('dialog', { name: 'Price of gpt-5.5' });
  expect(await panel.getByLabel('Output', { exact: true }).inputValue()).not.toBe('');
  await panel.getByLabel('Input', { exact: true }).fill('1,5');
  await panel.getByText('Dollars, with a point before the cents.').waitFor();
  expect(await panel.getByRole('button', { name: 'Set the price' }).isDisabled()).toBe(true);
  await panel.getByLabel('Input', { exact: true }).fill('0');
  for (const name of ['Output', 'Cached input', 'Written to the cache', 'Written for 12 hours'])
    await panel.getByLabel(new RegExp(`^${name}`)).fill('0');
  await panel.getByLabel(/^Each call/).fill('3');
  await panel.getByLabel(/^Each call/).press('Enter');
  await panel.waitFor({ state: 'detached' });
  await row.getByText('Yours').waitFor();

  await stage.call(clientKey, 'gpt-5.5');
  // The answer has ended; its record is settled a moment later.
  const newest = async () => (await stage.admin.requests.list({ limit: 1 })).rows[0]?.cost;
  await expect.poll(newest).toBe(3_000_000_000);

  const own = page.getByRole('region', { name: 'Your prices' });
  await own.getByRole('button', { name: /^Remove the price of gpt-5\.5 from/ }).click();
  await own.waitFor({ state: 'detached' });
  await row.getByText('Yours').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('a model whose price nobody knows says so, is found by it, and is priced from there', async () => {
  await stage.admin.accounts.edit({ ref: 'Lab', models: ['gpt-*', 'house-model-1'] });
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/models?show=unpriced`);
  const row = page.getByRole('row', { name: /^house-model-1/ });
  await row.getByText('Unknown').waitFor();
  expect(await row.innerText()).toMatch(/—\s+—\s+—\s+—\s+0/);
  await page.getByRole('button', { name: 'Set a price' }).click();
  const panel = page.getByRole('dialog', { name: 'Set a price' });
  await panel.getByLabel('Model', { exact: true }).fill('house-*');
  await panel.getByLabel('Input', { exact: true }).fill('1');
  await panel.getByLabel('Output', { exact: true }).fill('2');
  await panel.getByRole('button', { name: 'Set the price' }).click();
  await panel.waitFor({ state: 'detached' });
  await row.waitFor({ state: 'detached' });
  await page.getByRole('radiogroup', { name: 'Show' }).getByText('All').click();
  await page
    .getByRole('row', { name: /^house-model-1/ })
    .getByText('Yours')
    .waitFor();
});
