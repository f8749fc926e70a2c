/** Settings in a real browser: saved to the file, undone, guarded, and what the environment decides left alone. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MASTER_KEY, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.addAccount('Work');
});
afterAll(() => stage[Symbol.asyncDispose]());

const setting = async (name: string) =>
  (await stage.admin.settings.list()).settings.find((one) => one.name === name);
const fileText = async () => readFileSync((await stage.admin.settings.list()).file, 'utf8');

test('a change says what it does, is saved, is listed, and is undone from both places', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/settings`);
  const wait = page.getByLabel('Wait when every account is busy');
  await wait.fill('400');
  await page.getByText('From 0 to 300 s.').waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await wait.fill('1.5');
  await page.getByText('Wait when every account is busy: 0 s becomes 1.5 s.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  expect(await fileText()).toContain('queue_ms = 1500');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Saved.').waitFor({ state: 'detached' });
  expect(await fileText()).not.toContain('queue_ms');
  await expect.poll(() => wait.inputValue()).toBe('0');

  await page.goto(`${stage.origin}/admin/settings?section=changes`);
  await page.getByText('Wait when every account is busy: 1.5 s → 0 s').waitFor();
  await page.getByRole('button', { name: 'Undo Wait when every account is busy: 1.5 s → 0 s' }).click();
  await page.getByText('Wait when every account is busy: 0 s → 1.5 s').nth(1).waitFor();
  expect(await setting('routing.queue_ms')).toMatchObject({ value: 1_500, origin: 'file' });
  expect(complaints).toEqual([]);
});

test('what is typed stays while another section is looked at', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/settings?section=limits`);
  await page.getByLabel('A limit is used up so far').fill('50, 80');
  const sections = page.getByRole('navigation', { name: 'Sections' });
  await sections.getByRole('button', { name: 'Vault' }).click();
  await page.getByLabel('Sign-in ends after idling').waitFor();
  await sections.getByRole('button', { name: 'Limits and alerts' }).click();
  await page.getByText('A limit is used up so far: 75 %, 90 %, 100 % becomes 50 %, 80 %.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  expect((await setting('alerts.limit_shares'))?.value).toEqual([0.5, 0.8]);
  await page.getByRole('button', { name: 'Default: 75 %, 90 %, 100 %' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  expect(await setting('alerts.limit_shares')).toMatchObject({ value: [0.75, 0.9, 1], origin: 'default' });
});

test('keeping what calls say needs the master key; a wrong one changes nothing', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/settings?section=privacy`);
  await page.getByRole('switch', { name: 'Prompts and answers' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Prompts and answers: Off becomes On.').waitFor();
  await dialog.getByRole('textbox', { name: 'Master key' }).fill('not the master key');
  await page.keyboard.press('Enter');
  await dialog.getByText('That is not the master key').waitFor();
  expect((await setting('capture.enabled'))?.value).toBe(false);
  await dialog.getByRole('textbox', { name: 'Master key' }).fill(MASTER_KEY);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect((await setting('capture.enabled'))?.value).toBe(true);
  await page.goto(`${stage.origin}/admin/settings?section=changes`);
  await page.getByText('changed back only with the master key').waitFor();
});

test('what the environment decides is shown as such and cannot be edited', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/settings?section=server`);
  await page.getByText('Set by CAM_PORT').waitFor();
  expect(await page.getByRole('textbox', { name: 'Port', exact: true }).count()).toBe(0);
  await page.getByLabel('Client connections').fill('512');
  await page.getByText('Client connections: from the next start.').waitFor();
});

test('a webhook is added with the master key, tried, and removed', async () => {
  const heard: string[] = [];
  const receiver = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => heard.push(text));
    request.once('end', () => response.end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  try {
    await using visit = await stage.visit();
    const { page } = visit;
    await page.goto(`${stage.origin}/admin/settings?section=limits`);
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Pager');
    await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook-with-a-secret`);
    await dialog.getByLabel('It is on this machine').check();
    await dialog.getByRole('textbox', { name: 'Master key' }).fill(MASTER_KEY);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(`http://127.0.0.1:${port}`, { exact: false }).first().waitFor();
    expect(await page.content()).not.toContain('hook-with-a-secret');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await expect.poll(() => heard.length).toBe(1);
    await page.getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => stage.admin.alerts.targets()).toEqual([]);
  } finally {
    receiver.close();
    receiver.closeAllConnections();
  }
});
