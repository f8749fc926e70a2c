import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults, scripts } from '../../server/demo/faults.ts';
import { ADMIN_KEY, openOrganisation, PROJECT_KEY } from '../support/organisation-api.ts';
import { MASTER_KEY, openStage, type Stage } from './stage.ts';

const NEW_KEY = 'sk-proj-second-0123456789abcdef-3kQ9';
let stage: Stage;
let clientKey: string;

beforeAll(async () => {
  stage = await openStage();
  await stage.addAccount('Work');
  stage.emulator.addKey({ key: NEW_KEY, organization: 'org-nightly', project: 'proj_ci' });
  clientKey = (await stage.admin.clients.add({ name: 'opencode' })).key;
});
afterAll(() => stage[Symbol.asyncDispose]());

test('an account is added in one panel by keyboard alone, after a live check, and its key stays nowhere', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.getByText(/^Live · /).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { name: 'Accounts', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Add account' }).focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Add account' });
  await panel.getByText('Another address, organisation or project').click();
  await panel.getByLabel('Base URL').fill(stage.emulator.baseUrl);
  await panel.getByLabel('Allow an address on this machine, unencrypted').press('Space');
  await panel.getByLabel('Account key').fill(NEW_KEY);
  await panel.getByLabel('Account key').press('Enter');
  await panel.getByText('The key works.').waitFor();
  await panel.getByLabel('Name').fill('Nightly');
  await panel.getByLabel('Day limit').fill('10');
  await panel.getByRole('button', { name: 'Add Nightly' }).press('Enter');
  await panel.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /Nightly/ }).waitFor();
  const nightly = (await stage.admin.accounts.list()).find(({ name }) => name === 'Nightly');
  expect(nightly?.limits).toEqual({ day: { cost: 10_000_000_000 } });
  expect(await page.content()).not.toContain(NEW_KEY);
  const stored = await page.evaluate(
    () => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }),
  );
  expect(stored).not.toContain(NEW_KEY);
  expect(complaints).toEqual([]);
});

test('a refused key says so beside the field and cannot be added as if it were good', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/accounts?add=1`);
  const panel = page.getByRole('dialog', { name: 'Add account' });
  await panel.getByText('Another address, organisation or project').click();
  await panel.getByLabel('Base URL').fill(stage.emulator.baseUrl);
  await panel.getByLabel('Allow an address on this machine, unencrypted').check();
  await panel.getByLabel('Account key').fill('sk-proj-nobody-knows-this-key-0000');
  await panel.getByLabel('Account key').press('Enter');
  await panel.getByLabel('Name').fill('Stranger');
  await panel.getByRole('button', { name: 'Add unchecked' }).waitFor();
  expect(await panel.getByLabel('Account key').getAttribute('aria-invalid')).toBe('true');
});

test('an account is renamed and limited, disabled and enabled, and the list follows', async () => {
  const id = await stage.addAccount('Before');
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/accounts?edit=${id}`);
  const panel = page.getByRole('dialog', { name: 'Edit Before' });
  await panel.getByLabel('Name').fill('After');
  await panel.getByLabel('Month limit').fill('120.50');
  await panel.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('row', { name: /After/ }).waitFor();
  expect(await stage.admin.accounts.get({ ref: id })).toMatchObject({
    name: 'After',
    limits: { day: { cost: 25_000_000_000 }, month: { cost: 120_500_000_000 } },
  });
  await page.getByRole('button', { name: 'Actions for After' }).click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await page.getByRole('row', { name: /After/ }).getByText('Disabled').waitFor();
  await page.getByRole('button', { name: 'Actions for After' }).click();
  await page.getByRole('menuitem', { name: 'Enable' }).click();
  await page.getByRole('row', { name: /After/ }).getByText('Disabled').waitFor({ state: 'detached' });
});

test('an account is only removed once its name is typed', async () => {
  await stage.addAccount('Doomed');
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/accounts`);
  await page.getByRole('button', { name: 'Actions for Doomed' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove Doomed' });
  const remove = dialog.getByRole('button', { name: 'Remove the account' });
  expect(await remove.isDisabled()).toBe(true);
  await dialog.getByLabel('Type Doomed to remove it').fill('Doomed');
  await remove.click();
  await page.getByRole('row', { name: /Doomed/ }).waitFor({ state: 'detached' });
  expect((await stage.admin.accounts.list()).map(({ name }) => name)).not.toContain('Doomed');
});

test('an account named like markup is text on every page that names it', async () => {
  const name = '<img src=x onerror=alert(1)>';
  await stage.addAccount(name, 'sk-emulated-markup-0123456789');
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  for (const path of ['/admin', '/admin/accounts', '/admin/requests']) {
    await page.goto(`${stage.origin}${path}`);
    await page.getByText(name).first().waitFor({ state: 'attached' });
    expect(await page.locator('img').count()).toBe(0);
  }
  expect(complaints).toEqual([]);
  await stage.admin.accounts.remove({ ref: name });
});

test('a call appears on the requests page while it is watched, with the way it took', async () => {
  const failing = 'sk-emulated-failing-0123456789';
  await stage.addAccount('Failing', failing);
  stage.emulator.script(
    failing,
    scripts.always({ kind: 'refuse', status: 429, code: 'rate_limit_exceeded', retryAfterS: 600 }),
  );
  for (const { id, name } of await stage.admin.accounts.list()) {
    if (name !== 'Failing' && name !== 'Work') await stage.admin.accounts.disable({ ref: id });
  }
  await stage.admin.settings.set({ values: { 'routing.strategy': 'priority' } });
  await stage.admin.accounts.edit({ ref: 'Failing', priority: 1 });
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/requests`);
  await page.getByText(/^Live · /).waitFor();
  expect((await stage.call(clientKey, 'gpt-5.5')).status).toBe(200);
  const row = page.getByRole('row', { name: /Moved, delivered/ }).first();
  await row.waitFor();
  expect(await row.innerText()).toContain('Failing');
  expect(await row.innerText()).toContain('Work');
  await row.getByRole('button').click();
  const panel = page.getByRole('complementary', { name: 'The call' });
  await panel.getByRole('heading', { name: 'Moved, delivered' }).waitFor();
  await panel.getByText('The move was invisible to the client.').waitFor();
  expect(await panel.getByText('429').first().isVisible()).toBe(true);
  await panel.getByText('Recognised by').waitFor();
  expect(await panel.getByText('no session key').isVisible()).toBe(true);
  expect(await panel.getByText('lowest priority number first').isVisible()).toBe(true);
  expect(new URL(page.url()).searchParams.get('id')).not.toBeNull();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('an account is paused and resumed from its menu, which says what follows', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/accounts`);
  const pick = async (label: RegExp) => {
    await page.getByRole('button', { name: 'Actions for Work' }).click();
    await page.getByRole('menuitem', { name: label }).click();
  };
  await pick(/^Pause New calls go elsewhere until you resume it$/);
  const paused = page.getByRole('row', { name: /Work/ }).getByText('Paused', { exact: true });
  await paused.waitFor();
  expect((await stage.admin.accounts.get({ ref: 'Work' })).state.word).toBe('paused');
  await pick(/^Resume New calls may go to it again$/);
  await paused.waitFor({ state: 'detached' });
  const kinds = (await stage.admin.events.list({ limit: 20 })).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['account.paused', 'account.resumed']));
});

test('one thing that was learned about an account is cleared by hand, then all of it', async () => {
  const learning = 'sk-emulated-learning-0123456789';
  await stage.addAccount('Learning', learning);
  stage.emulator.script(learning, scripts.always(faults.modelNotFound('gpt-5-mini')));
  await stage.admin.accounts.edit({ ref: 'Learning', priority: 0 });
  for (const model of ['gpt-5-mini', 'gpt-5.1']) await stage.call(clientKey, model);
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/accounts`);
  await page.getByRole('button', { name: 'Actions for Learning' }).click();
  await page.getByRole('menuitem', { name: /^Clear what was learned/ }).click();
  const dialog = page.getByRole('dialog', { name: 'What was learned about Learning' });
  const clearMini = dialog.getByRole('button', { name: 'Clear model:gpt-5-mini' });
  await clearMini.waitFor();
  expect(await dialog.getByText(/for another \d+:\d\d/).count()).toBe(2);
  await clearMini.click();
  await clearMini.waitFor({ state: 'detached' });
  expect((await stage.admin.accounts.get({ ref: 'Learning' })).marks).toMatchObject([{ subject: 'gpt-5.1' }]);
  await dialog.getByRole('button', { name: 'Clear all of it' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect((await stage.admin.accounts.get({ ref: 'Learning' })).marks).toEqual([]);
  expect(complaints).toEqual([]);
  await stage.admin.accounts.remove({ ref: 'Learning' });
});

test('the overview shows what happened, to whom, and the figures of it', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page
    .getByRole('region', { name: 'Needs attention' })
    .getByText(/Failing: cooling down/)
    .waitFor();
  await page.getByRole('slider', { name: /^Spend by account in the last 24 hours: .*Work/ }).waitFor();
  await page.getByRole('region', { name: 'Live requests' }).getByText('gpt-5.5').first().waitFor();
});

test('what its provider says of an account is asked anew, and an admin key is let in by the master key only', async () => {
  await using organisation = await openOrganisation([], Date.now());
  const { account } = await stage.admin.accounts.add({
    name: 'Told',
    key: PROJECT_KEY,
    baseUrl: organisation.baseUrl,
    allowLocal: true,
    check: true,
  });
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/accounts`);
  await page.getByRole('button', { name: 'Actions for Told' }).click();
  await page.getByRole('menuitem', { name: 'What its provider says' }).click();
  const panel = page.getByRole('dialog', { name: 'Told, as its provider tells it' });
  await panel.getByText('It has not been asked yet.').waitFor();
  await panel.getByRole('button', { name: 'Refresh' }).click();
  await panel.getByText('$12.34 used this month, a limit of $120').waitFor();

  await panel.getByLabel('Admin key', { exact: true }).fill(ADMIN_KEY);
  await panel.getByLabel('Master key', { exact: true }).fill('not the master key');
  await panel.getByRole('button', { name: 'Give it this key' }).click();
  await panel.getByText('That is not the master key.').waitFor();
  await panel.getByLabel('Master key', { exact: true }).fill(MASTER_KEY);
  await panel.getByRole('button', { name: 'Give it this key' }).click();
  await panel.getByRole('button', { name: 'Take the admin key away' }).waitFor();
  await panel.getByRole('button', { name: 'Refresh' }).click();
  await panel.getByText('$100 a month, enforced').waitFor();
  await panel.getByText('Its figures are about this very key.').waitFor();
  expect(await page.content()).not.toContain(ADMIN_KEY);
  await stage.admin.accounts.remove({ ref: account.id });
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
});

test('the page of an account says how it came to be as it is, walks its chart by keyboard, and forgets on a click', async () => {
  const failing = 'sk-emulated-tired-0123456789';
  await stage.addAccount('Tired', failing);
  await stage.admin.accounts.edit({ ref: 'Tired', priority: 1 });
  await stage.admin.settings.set({ values: { 'routing.strategy': 'priority' } });
  await stage.call(clientKey);
  stage.emulator.script(
    failing,
    scripts.always({ kind: 'refuse', status: 429, code: 'rate_limit_exceeded', retryAfterS: 600 }),
  );
  await stage.call(clientKey);
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/accounts`);
  await page.getByRole('link', { name: 'Tired' }).click();
  await page.getByRole('heading', { level: 1, name: 'Tired' }).waitFor();
  const section = (name: string) => page.getByRole('region', { name, exact: true });
  await section('State').getByText('Cooling down').waitFor();
  const causes = section('Errors by cause');
  await causes.getByText('1 answered by other accounts').waitFor();
  await causes.getByText('429 rate_limit_exceeded').waitFor();
  await section('Failovers').getByText('Work').waitFor();
  const models = section('By model').getByRole('row', { name: /All models/ });
  expect(await models.innerText()).toMatch(/All models\s+1\s/);

  const chart = page.getByRole('slider', { name: /^Tokens \/ min of Tired/ });
  await chart.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('End');
  await section('Headroom')
    .getByText(/: [\d.]+k? tokens in the busiest minute · 1 call · 1 × 429/)
    .waitFor();
  await page.keyboard.press('ArrowLeft');
  await section('Headroom')
    .getByText(/· 0 calls/)
    .waitFor();
  await page.keyboard.press('Escape');
  await section('Headroom').getByText('1 × 429, 1 rest').waitFor();

  await section('Learned').getByRole('button', { name: 'Clear all' }).click();
  await section('Learned')
    .getByText(/^Nothing that keeps calls away/)
    .waitFor();
  await section('State').getByText('Cooling down').waitFor({ state: 'detached' });

  await section('Without it').getByRole('button', { name: 'Disable account' }).click();
  await section('State').getByRole('button', { name: 'Enable' }).click();
  await section('Without it').getByRole('button', { name: 'Disable account' }).waitFor();
  await section('Keys').getByRole('button', { name: 'Replace key' }).click();
  await page.getByRole('dialog', { name: 'Edit Tired' }).getByText('Replace the key').waitFor();
  await page.keyboard.press('Escape');
  await section('Without it').getByRole('button', { name: 'Remove account' }).click();
  const removal = page.getByRole('dialog', { name: 'Remove Tired' });
  await removal.getByRole('textbox').fill('Tired');
  await removal.getByRole('button', { name: 'Remove the account' }).click();
  await page.getByRole('heading', { name: 'No such account' }).waitFor();
  expect(complaints).toEqual([]);
});
