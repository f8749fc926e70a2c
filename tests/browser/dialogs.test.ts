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
    'a request',
    '/admin/requests',
    async (page) => {
      await page.getByRole('row', { name: /gpt-5/ }).first().getByRole('button').click();
      await page.getByRole('dialog').waitFor();
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
