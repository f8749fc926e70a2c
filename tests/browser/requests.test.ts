/** The page of the calls: searching them, completed while one writes, and taking them along as a file. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scripts } from '../../server/demo/faults.ts';
import { openStage, type Stage } from './stage.ts';

const FAILING = 'sk-emulated-tired-0123456789';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ toml: '[capture]\nenabled = true\n' });
  await stage.addAccount('Work');
  await stage.addAccount('Side project', FAILING);
  await stage.admin.accounts.edit({ ref: 'Side project', priority: 1 });
  await stage.admin.settings.set({ values: { 'routing.strategy': 'priority' } });
  const { key } = await stage.admin.clients.add({ name: 'opencode' });
  const other = await stage.admin.clients.add({ name: '=ci' });
  for (const model of ['gpt-5.5', 'gpt-5', 'gpt-5.4-nano']) await stage.call(key, model);
  stage.emulator.script(
    FAILING,
    scripts.always({ kind: 'refuse', status: 429, code: 'rate_limit_exceeded', retryAfterS: 600 }),
  );
  await stage.call(other.key, 'gpt-5.5');
});
afterAll(() => stage[Symbol.asyncDispose]());

const rowsOf = (page: Page) => page.getByRole('region', { name: 'Requests' }).locator('tbody tr');

test('the calls are searched by keyboard alone, with what may follow offered while one writes', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.getByText(/^Live · /).waitFor();
  await page.keyboard.press('/');
  const field = page.getByRole('combobox', { name: 'Search the calls' });
  await field.waitFor();
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await expect.poll(() => rowsOf(page).count()).toBe(4);

  await page.keyboard.type('acc');
  await page.getByRole('option', { name: /^account:/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  expect(await field.inputValue()).toBe('account:');
  await page.keyboard.type('sid');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await field.inputValue()).toBe('account:"Side project" ');
  await page.keyboard.type('moved:yes');
  await page.keyboard.press('Enter');
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  expect(await rowsOf(page).first().innerText()).toMatch(/Side project\s+Work/);
  expect(new URL(page.url()).searchParams.get('q')).toBe('account:"Side project" moved:yes');

  await page.reload();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await field.fill('model:gpt-5 -model:5.4');
  await expect.poll(() => rowsOf(page).count()).toBe(3);
  // The list has followed, and what was being written is as it was.
  await field.fill('');
  await page.keyboard.type('moved:yes ');
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await page.keyboard.type('model:gpt');
  await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('moved:yes model:gpt');
  expect(await field.inputValue()).toBe('moved:yes model:gpt');
  await field.fill('stauts:429');
  await page.getByText(/There is no filter “stauts”/).waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(4);
  expect(await field.inputValue()).toBe('');
  await field.fill('cost:>1000');
  await page.getByText('No call matches these filters.').waitFor();
  expect(complaints).toEqual([]);
});

test('what was found is taken along, as a table and as lines', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/requests?q=moved:yes`);
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  const save = async (form: RegExp) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: form }).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };
  const csv = await save(/^CSV/);
  await page.getByText('1 call saved').waitFor();
  expect(csv.name).toBe('requests.csv');
  const [head, row, ...rest] = csv.text.split('\r\n');
  expect(rest).toEqual(['']);
  const cells = Object.fromEntries((head ?? '').split(',').map((name, at) => [name, row?.split(',')[at]]));
  expect(cells).toMatchObject({
    outcome: 'delivered',
    status: '200',
    model: 'gpt-5.5',
    client: "'=ci",
    first_account: 'Side project',
    account: 'Work',
    attempts: '2',
  });
  const jsonl = await save(/^JSONL/);
  const lines = jsonl.text.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ id: cells.id, accountName: 'Work', attempts: 2 });
  expect(complaints).toEqual([]);
});

test('a call whose body was kept is asked again, in a terminal or in the Playground', async () => {
  await using visit = await stage.visit();
  const { page, context, complaints } = visit;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${stage.origin}/admin/requests?q=moved:yes`);
  await rowsOf(page).getByRole('button').click();
  const panel = page.getByRole('complementary', { name: 'The call' });
  await panel.getByRole('button', { name: 'Show what was said' }).click();
  await panel.getByRole('button', { name: 'Copy as curl' }).click();
  await panel.getByText('Copied').first().waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toContain(`curl ${stage.server.url}/`);
  expect(command).toContain('Bearer $OPENAI_API_KEY');
  const kept = JSON.parse(/--data-raw '([\s\S]*)'$/.exec(command)?.[1] ?? '');
  expect(kept).toMatchObject({ model: 'gpt-5.5' });

  await panel.getByRole('button', { name: 'Open in Playground' }).click();
  await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor();
  const said = typeof kept.input === 'string' ? kept.input : kept.messages.at(-1).content;
  await expect.poll(() => page.getByLabel('Ask something').inputValue()).toBe(said);
  expect(complaints).toEqual([]);
});

test('the times of the calls are walked through and drawn over, and the list follows', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/requests`);
  const rows = 4;
  await expect.poll(() => rowsOf(page).count()).toBe(rows);
  await page.goto(`${stage.origin}/admin/requests?q=moved:yes`);
  await page.getByText('1 call: 1 moved · of 4 calls, drawn below').waitFor();
  await page.goto(`${stage.origin}/admin/requests`);
  const chart = page.getByRole('slider', { name: /^When the calls began: 4 calls: .*1 moved/ });
  await chart.focus();
  await page.keyboard.press('Home');
  await page
    .getByRole('region', { name: 'When they began' })
    .getByText(/: no call$/)
    .waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('No call matches these filters.').waitFor();
  expect([...new URL(page.url()).searchParams.keys()]).toEqual(['from', 'to']);
  await page.getByRole('button', { name: 'Clear range' }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(rows);

  await page.getByRole('slider', { name: /^When the calls began: 4 calls/ }).waitFor();
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is there');
  await page.mouse.move(box.x + box.width * 0.6, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, box.y + 20, { steps: 4 });
  await page.getByText('release to see only these').waitFor();
  await page.mouse.up();
  await page.getByRole('button', { name: 'Clear range' }).waitFor();
  await expect.poll(() => rowsOf(page).count()).toBe(rows);
  const { searchParams } = new URL(page.url());
  expect(Number(searchParams.get('from'))).toBeGreaterThan(Date.now() - 11 * 3_600_000);
  expect(Number(searchParams.get('to'))).toBeGreaterThanOrEqual(Date.now() - 60_000);

  await page.getByLabel('Time', { exact: true }).selectOption('1h');
  expect([...new URL(page.url()).searchParams.keys()]).toEqual(['since']);
  expect(complaints).toEqual([]);
});
