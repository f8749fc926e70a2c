/** Talking through the proxy from the dashboard: real calls against the emulator, in a real browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults, scripts } from '../../server/demo/faults.ts';
import { openStage, type Stage, signIn } from './stage.ts';

const WORK = 'sk-emulated-work-0123456789';
const SPARE = 'sk-emulated-spare-0123456789';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.addAccount('Work', WORK);
  await stage.addAccount('Spare', SPARE);
});
afterAll(() => stage[Symbol.asyncDispose]());

async function ask(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Ask/ }).fill(text);
  await page.keyboard.press('Enter');
}

const posts = (key: string) => stage.emulator.key(key).received.filter(({ method }) => method === 'POST');
const lastBody = (key: string): Record<string, unknown> => JSON.parse(posts(key).at(-1)?.body ?? 'null');

test('an answer streams in, its figures follow, and a follow-up goes to the same account', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/playground`);
  await page.getByRole('radio', { name: /Spare/ }).check();
  await ask(page, 'say exactly: **hello** `there`');
  const log = page.getByRole('log', { name: 'Conversation' });
  await log.getByText('there', { exact: true }).last().waitFor();
  await page.getByText('Served by').locator('..').getByText('Spare').waitFor();
  await page.getByText('Cost', { exact: true }).locator('..').getByText('$').waitFor();
  await ask(page, 'say exactly: again');
  await log.getByText('again', { exact: true }).waitFor();
  expect(posts(WORK)).toHaveLength(0);
  expect(lastBody(SPARE)).toMatchObject({
    store: false,
    input: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }],
  });
  await page.getByRole('button', { name: /Raw events/ }).click();
  await page.getByText('response.completed', { exact: true }).waitFor();
  const { rows } = await stage.admin.requests.list({ limit: 5 });
  expect(rows.map(({ clientName, outcome }) => [clientName, outcome])).toEqual([
    ['Playground', 'delivered'],
    ['Playground', 'delivered'],
  ]);
  expect(complaints).toEqual([]);
});

test('Chat Completions and answers in one piece work too', async () => {
  await using visit = await stage.visit();
  const { page, complaints } = visit;
  await page.goto(`${stage.origin}/admin/playground`);
  await page.getByRole('radiogroup', { name: 'Endpoint' }).getByText('Chat').first().click();
  await page.getByRole('checkbox', { name: /Stream/ }).uncheck();
  await page.getByLabel('Instructions').fill('Be brief.');
  await ask(page, 'say exactly: in one piece');
  await page.getByRole('log').getByText('in one piece', { exact: true }).waitFor();
  const chats = [...posts(WORK), ...posts(SPARE)].filter(({ path }) => path.endsWith('/chat/completions'));
  expect(chats.map(({ body }) => JSON.parse(body))).toMatchObject([
    { stream: false, messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }] },
  ]);
  expect(complaints).toEqual([]);
});

test('Stop leaves what was said, and the provider is left too', async () => {
  stage.emulator.script(SPARE, scripts.times({ kind: 'slow', eventDelayMs: 150 }, 1));
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/playground`);
  await page.getByRole('radio', { name: /Spare/ }).check();
  await ask(page, `say exactly: ${'word '.repeat(400)}`);
  await page.getByText('writing', { exact: true }).waitFor();
  await page
    .getByRole('log')
    .getByText(/^word word/)
    .waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped by you.').waitFor();
  await stage.emulator.key(SPARE).idle();
  expect(stage.emulator.key(SPARE).received.at(-1)).toMatchObject({ aborted: true });
});

test('what was refused says why and can be asked again; the question is not lost', async () => {
  stage.emulator.script(SPARE, scripts.always(faults.overloaded(1)));
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/playground`);
  await page.getByRole('radio', { name: /Spare/ }).check();
  await ask(page, 'say exactly: at last');
  await page.getByRole('log').getByRole('alert').waitFor();
  stage.emulator.script(SPARE, scripts.healthy);
  await stage.admin.accounts.clear({ ref: 'Spare' });
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('log').getByText('at last', { exact: true }).waitFor();
  expect(lastBody(SPARE).input).toHaveLength(1);
});

test('a lock ends the key that the page had', async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  await page.goto(`${stage.origin}/admin/playground`);
  const sent = page.waitForRequest((request) => request.url().endsWith('/v1/responses'));
  await ask(page, 'say exactly: remembered');
  await page.getByRole('log').getByText('remembered', { exact: true }).waitFor();
  const authorization = (await (await sent).allHeaders()).authorization ?? '';
  await page.getByRole('button', { name: 'Lock', exact: false }).first().click();
  await page.getByLabel('Master key', { exact: true }).waitFor();
  await signIn(page);
  const again = await page.evaluate(
    async (bearer) => (await fetch('/v1/models', { headers: { authorization: bearer } })).status,
    authorization,
  );
  expect(again).toBe(401);
});
