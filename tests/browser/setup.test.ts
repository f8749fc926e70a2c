import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings } from './axe.ts';
import { openStage, type Stage } from './stage.ts';

const ACCOUNT_KEY = 'sk-proj-setup-0123456789abcdef-7Qk2';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ initialised: false });
  stage.emulator.addKey({ key: ACCOUNT_KEY, organization: 'org-first', project: 'proj_first' });
});
afterAll(() => stage[Symbol.asyncDispose]());

test('without the one-time link nobody can set up, and a wrong one is refused with what to do', async () => {
  await using visit = await stage.visit({ signedIn: false });
  await visit.page.goto(`${stage.origin}/admin`);
  await visit.page.getByRole('heading', { name: 'Open the set-up link' }).waitFor();
  await visit.page.goto(`${stage.origin}/admin/setup#not-the-link`);
  await visit.page.reload();
  await visit.page.getByRole('heading', { name: 'This link has run out' }).waitFor();
  expect(await visit.page.getByText('npm start').isVisible()).toBe(true);
});

test('the link leads from nothing to a served call: master key, account, client key, first answer', async () => {
  await using visit = await stage.visit({ signedIn: false });
  const { page, complaints } = visit;
  await page.goto(stage.server.setupUrl());

  // Step 1: the generated key is there already; writing it down is what opens the way on.
  const words = page.getByRole('list', { name: 'The master key' }).getByRole('listitem');
  await words.first().waitFor();
  expect(await words.count()).toBe(6);
  const create = page.getByRole('button', { name: 'Create the vault' });
  expect(await create.isDisabled()).toBe(true);
  await page.getByLabel('I have printed it or written the key down').check();
  const found = await axeInBothThemes(page, 'the master key');
  await create.click();

  // Step 2: the token is gone from the address, and the key is checked live before anything is stored.
  await page.getByRole('heading', { name: 'Add your first account' }).waitFor();
  expect(new URL(page.url()).hash).toBe('');
  await page.getByText('Another address, organisation or project').click();
  await page.getByLabel('Base URL').fill(stage.emulator.baseUrl);
  await page.getByLabel('Allow an address on this machine, unencrypted').check();
  await page.getByLabel('API key').fill(ACCOUNT_KEY);
  await page.getByLabel('API key').press('Enter');
  await page.getByText('Key accepted by').waitFor();
  expect(await stage.admin.accounts.list()).toHaveLength(0);
  found.push(...(await axeInBothThemes(page, 'the first account')));
  await page.getByRole('button', { name: 'Add account' }).click();

  // Step 3: a generated key, a snippet that holds it in the copy only, and the light that turns green.
  await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
  await page.getByRole('button', { name: 'Generate the key' }).click();
  await page.getByText('Waiting for OpenCode’s first call').waitFor();
  found.push(...(await axeInBothThemes(page, 'the client')));
  const [account] = await stage.admin.accounts.list();
  expect(account).toMatchObject({ name: 'Work', keyLastFour: '7Qk2' });
  const copied = await copyOf(visit.context, () =>
    page.getByRole('button', { name: 'Copy', exact: true }).click(),
  );
  const clientKey = /"apiKey": "([^"]+)"/.exec(copied)?.[1] ?? '';
  expect(copied).toContain(stage.server.url);
  expect(await page.content()).not.toContain(clientKey);
  const answer = await stage.call(clientKey);
  expect(answer.status).toBe(200);
  await page.getByText('Connected', { exact: true }).waitFor();

  // The end: the first answer, streamed in the Playground.
  await page.getByRole('link', { name: 'Get the first answer' }).click();
  await page.getByRole('heading', { name: 'Playground' }).waitFor();
  await page.getByRole('textbox', { name: 'Ask something' }).waitFor();
  expect(new URL(page.url()).search).toBe('');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Served by').locator('..').getByText('Work').waitFor();
  expect(await page.content()).not.toContain(ACCOUNT_KEY);
  expect(found).toEqual([]);
  expect(complaints).toEqual([]);
});

async function axeInBothThemes(page: Page, step: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await axeFindings(page, `${step}, ${colorScheme}`)));
  }
  return found;
}

/** What a click puts on the clipboard, read where the page wrote it. */
async function copyOf(
  context: import('playwright-core').BrowserContext,
  click: () => Promise<void>,
): Promise<string> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await click();
  const [page] = context.pages();
  return (await page?.evaluate(() => navigator.clipboard.readText())) ?? '';
}
