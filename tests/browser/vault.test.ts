import { afterAll, beforeAll, expect, test } from 'vitest';
import { MASTER_KEY, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.addAccount('Work');
});
afterAll(() => stage[Symbol.asyncDispose]());

test('the data key is rotated with the master key typed again, and a wrong one changes nothing', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/settings?section=vault`);
  await page.getByText('Data key 1').waitFor();
  await page.getByRole('button', { name: 'Rotate' }).click();
  const field = page.getByRole('dialog').getByRole('textbox', { name: 'Master key' });
  await field.fill('not the master key');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('not the master key of this vault').waitFor();
  await field.fill(MASTER_KEY);
  await page.keyboard.press('Enter');
  await page.getByText('Data key 2').waitFor();
  expect(await stage.admin.vault.get()).toMatchObject({ dekNumber: 2, rotating: false });
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
});

test('the recovery sheet is printed alone, on one page, black on white in the dark theme too', async () => {
  await using visit = await stage.visit({ theme: 'dark' });
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/settings?section=vault`);
  await page.getByRole('button', { name: 'Change' }).click();
  const words = page.getByRole('list', { name: 'The master key' }).getByRole('listitem');
  const key = (await words.locator('span:last-child').allTextContents()).join('-');
  await page.emulateMedia({ media: 'print' });
  const sheet = page.locator('.print-sheet');
  expect(await sheet.isVisible()).toBe(true);
  expect(await sheet.innerText()).toContain(key);
  expect(await page.getByRole('heading', { name: 'Settings' }).isVisible()).toBe(false);
  const colours = await sheet.evaluate((node) => {
    const style = getComputedStyle(node.querySelector('p') ?? node);
    return [style.color, getComputedStyle(document.body).backgroundColor];
  });
  expect(colours).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test('a guessable key needs a second yes; the key is changed, everybody is signed out, the new one signs in', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/settings?section=vault`);
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Current master key').fill(MASTER_KEY);
  await page.getByText('Choose my own').click();
  await page.getByLabel('New master key', { exact: true }).fill('password1234');
  await page.getByLabel('Type it again').fill('password1234');
  await page.getByLabel('I have printed it or written the new key down').check();
  await page.getByLabel('Use this key anyway').waitFor();
  const change = page.getByRole('button', { name: 'Change key' });
  expect(await change.isDisabled()).toBe(true);
  await page.getByLabel('Use this key anyway').check();
  await change.click();
  await page.waitForURL((url) => url.pathname === '/admin/unlock');
  await page.getByLabel('Master key', { exact: true }).fill('password1234');
  await page.keyboard.press('Enter');
  await page.getByText('This key can be guessed.').waitFor();
  expect(new URL(page.url()).searchParams.get('section')).toBe('vault');
});
