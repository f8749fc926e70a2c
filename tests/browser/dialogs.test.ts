/** Whatever opens over a page is as usable as the page: axe looks at each panel, dialog and menu, light and dark. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings } from './axe.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let accountId: string;

beforeAll(async () => {
  stage = await openStage();
  accountId = await stage.addAccount('Work');
  const { key } = await stage.admin.clients.add({ name: 'opencode' });
  await stage.call(key);
});
afterAll(() => stage[Symbol.asyncDispose]());

type Opening = (page: Page) => Promise<void>;

const menuOf =
  (owner: string): Opening =>
  async (page) => {
    await page.getByRole('button', { name: `Actions for ${owner}` }).click();
    await page.getByRole('menuitem').first().waitFor();
  };

const fromMenu =
  (owner: string, item: string): Opening =>
  async (page) => {
    await menuOf(owner)(page);
    await page.getByRole('menuitem', { name: item }).click();
    await page.getByRole('dialog').waitFor();
  };

/** The name of what opens, where it is opened, and how. */
const OPENINGS: readonly (readonly [string, string, Opening])[] = [
  ['the menu of an account', '/admin/accounts', menuOf('Work')],
  ['removing an account', '/admin/accounts', fromMenu('Work', 'Remove')],
  ['what a provider says', '/admin/accounts', fromMenu('Work', 'What its provider says')],
  ['editing a client key', '/admin/clients', fromMenu('opencode', 'Edit')],
  [
    'the palette',
    '/admin',
    async (page) => {
      await page.getByRole('button', { name: 'Search or jump to' }).click();
      await page.getByRole('combobox', { name: 'Search or jump to' }).fill('wo');
    },
  ],
  [
    'a request',
    '/admin/requests',
    async (page) => {
      await page.getByRole('row', { name: /gpt-5/ }).first().getByRole('button').click();
      await page.getByRole('complementary', { name: 'The call' }).waitFor();
    },
  ],
];

describe.each([
  { theme: 'light', width: 1440 },
  { theme: 'dark', width: 1440 },
] as const)('in $theme at $width px', (view) => {
  test('axe finds nothing in what opens over a page', async () => {
    await using visit = await stage.visit(view);
    const { page, complaints } = visit;
    const found: string[] = [];
    for (const [name, path, open] of OPENINGS) {
      await page.goto(`${stage.origin}${path}`);
      await open(page);
      found.push(...(await axeFindings(page, name)));
    }
    await page.goto(`${stage.origin}/admin/accounts?edit=${accountId}`);
    await page.getByRole('dialog', { name: 'Edit Work' }).waitFor();
    found.push(...(await axeFindings(page, 'editing an account')));
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('axe finds nothing in the sign-in that opens over a page when a session ends', async () => {
    await using visit = await stage.visit(view);
    const { page } = visit;
    await page.goto(`${stage.origin}/admin/accounts`);
    await page.getByRole('row', { name: /Work/ }).waitFor();
    await visit.context.clearCookies();
    await page.getByRole('button', { name: 'Actions for Work' }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByLabel('Master key', { exact: true }).waitFor();
    expect(await axeFindings(page, 'the sign-in over a page')).toEqual([]);
  });
});

test('the palette leads to pages, accounts, deeds and a request, by keyboard alone', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  const open = async (typed: string) => {
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search or jump to' });
    await field.fill(typed);
    return field;
  };
  await page.goto(`${stage.origin}/admin`);
  await page.getByText('Proxy running').waitFor();
  await open('usage');
  await page.getByRole('option', { name: 'Usage & cost' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/admin\/usage$/);

  await open('requests of wo');
  await page.getByRole('option', { name: 'Requests of Work' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/admin/requests\\?account=${accountId}$`));

  await open('pause work');
  await page.getByRole('option', { name: /Pause Work/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => (await stage.admin.accounts.get({ ref: 'Work' })).state.word, { timeout: 15_000 })
    .toBe('paused');
  await stage.admin.accounts.resume({ ref: 'Work' });

  const [call] = (await stage.admin.requests.list({ limit: 1 })).rows;
  const before = await open(call?.id ?? '');
  await page.keyboard.press('Enter');
  // The palette is a dialog, too: it has to be gone before it can be asked for again.
  await before.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Details' }).waitFor();

  const field = await open('there is no such thing');
  await page.getByText('Nothing by that name').waitFor();
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});
