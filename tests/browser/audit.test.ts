import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.addAccount('Work');
  await stage.admin.accounts.edit({ ref: 'Work', priority: 3 });
  await stage.admin.clients.add({ name: 'laptop' });
});
afterAll(() => stage[Symbol.asyncDispose]());

test('the audit log tells what was done, each row verified, and keeps to one account when asked', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/settings?section=audit`);
  await page.getByRole('heading', { name: 'Everything is as it was written' }).waitFor();
  const rows = page.getByRole('region', { name: 'Audit log' }).getByRole('listitem');
  expect(await rows.first().innerText()).toContain('signed in');
  await page.getByLabel('About what').selectOption({ label: 'Work' });
  await page.waitForURL(/object=/);
  await rows.filter({ hasText: 'laptop' }).waitFor({ state: 'detached' });
  expect(await rows.count()).toBe(2);
  for (const row of await rows.all()) expect(await row.innerText()).toContain('Verified');
  expect(complaints).toEqual([]);
});

test('a broken audit log is said loudly, above everything that is in it', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.route('**/audit.verify*', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const breaks = [{ number: 2, message: 'Row 2 is not what was written.' }];
    Object.assign(body.result.data, { intact: false, breaks });
    await route.fulfill({ response: answer, json: body });
  });
  await page.goto(`${stage.origin}/admin/settings?section=audit`);
  const alert = page.getByRole('alert').filter({ hasText: 'The audit log is not what was written' });
  await alert.waitFor();
  expect(await alert.innerText()).toContain('Row 2 is not what was written.');
  await page.getByText('Everything is as it was written').waitFor({ state: 'detached' });
});

test('the health check says what to mend by which command, and a bundle is shown whole before it is saved', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/settings?section=health`);
  await page.getByText('There is no copy of the database.').waitFor();
  await page.getByText('cam backup').waitFor();
  await page.getByRole('button', { name: /more are fine/ }).click();
  await page.getByText('Every account and client key is as this program wrote it.').waitFor();
  await page.getByRole('button', { name: 'Show it' }).click();
  const shown = await page.getByRole('region', { name: 'The bundle' }).locator('pre').textContent();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save' }).click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toBe(shown);
  expect(shown).not.toMatch(/Work|laptop|127\.0\.0\.1/);
  expect(complaints).toEqual([]);
});
