/** What `/metrics` tells, to whom, and that it is what the ledger says. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';

const SCRAPER = 'cam-scraper-0123456789';
const KEYS = [{}, { key: SCRAPER, name: 'prometheus', scopes: ['metrics', 'see_accounts'] as const }];
const ACCOUNTS = [
  { name: 'one', priority: 1 },
  { name: 'two', priority: 2 },
];

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

async function scrape(rig: Rig, key = SCRAPER): Promise<readonly Sample[]> {
  const answer = await fetch(`${rig.url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return (await answer.text())
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', , inside = '', value = ''] = /^(\w+)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
      expect(name, line).not.toBe('');
      const labels = [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [
        label,
        text,
      ]);
      return { name, labels: Object.fromEntries(labels), value: Number(value) };
    });
}

const sumOf = (
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  samples
    .filter(
      (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);

describe('/metrics', () => {
  it('adds up to what the ledger says, whatever became of the calls', async () => {
    await using rig = await openRig({ accounts: ACCOUNTS, clientKeys: KEYS });
    for (let n = 0; n < 3; n++)
      await (await rig.post('/v1/chat/completions', chat({ stream: n > 0 }))).text();
    rig.emulator.script('sk-emulated-one', scripts.times(faults.rateLimit(60), 1));
    await (await rig.post('/v1/responses', responses())).text();
    await (await rig.post('/v1/responses', responses({ model: 'a-model-without-a-price' }))).text();
    rig.emulator.script('sk-emulated-two', scripts.always(faults.serverError()));
    await (await rig.post('/v1/responses', responses({ model: 'gpt-5' }))).text();
    const rows = await rig.rows();
    const found = await scrape(rig);

    expect(sumOf(found, 'cam_calls_total')).toBe(rows.length);
    for (const outcome of ['delivered', 'failed'])
      expect(sumOf(found, 'cam_calls_total', { outcome })).toBe(
        rows.filter((row) => row.outcome === outcome).length,
      );
    const total = (column: 'input_tokens' | 'output_tokens' | 'cached_tokens' | 'cost'): number =>
      rows.reduce((sum, row) => sum + (row[column] ?? 0), 0);
    expect(sumOf(found, 'cam_tokens_total', { kind: 'input' })).toBe(total('input_tokens'));
    expect(sumOf(found, 'cam_tokens_total', { kind: 'cached' })).toBe(total('cached_tokens'));
    expect(sumOf(found, 'cam_tokens_total', { kind: 'output' })).toBe(total('output_tokens'));
    expect(sumOf(found, 'cam_cost_dollars_total')).toBeCloseTo(total('cost') / 1e9, 12);
    expect(sumOf(found, 'cam_client_cost_dollars_total')).toBeCloseTo(total('cost') / 1e9, 12);
    expect(sumOf(found, 'cam_unknown_cost_calls_total')).toBe(
      rows.filter(({ cost }) => cost === null).length,
    );
    expect(sumOf(found, 'cam_call_seconds_count')).toBe(rows.length);
    expect(sumOf(found, 'cam_attempts_total')).toBe(rows.reduce((sum, row) => sum + (row.attempts ?? 0), 0));
    const one = rig.account('one').id;
    expect(sumOf(found, 'cam_attempts_total', { account: one, result: 'rate_limit' })).toBe(1);
    expect(sumOf(found, 'cam_moved_calls_total', { account: one })).toBeGreaterThanOrEqual(1);
    expect(sumOf(found, 'cam_account_up', { account: one })).toBe(0);
    expect(sumOf(found, 'cam_account_state', { account: one, state: 'cooling_down' })).toBe(1);
    expect(sumOf(found, 'cam_account_info', { account: one, name: 'one' })).toBe(1);
  });

  it('counts what was refused before any account was asked, by its code', async () => {
    await using rig = await openRig({
      accounts: ACCOUNTS,
      clientKeys: [{ models: ['gpt-5*'] }, ...KEYS.slice(1)],
    });
    await (await rig.post('/v1/responses', responses({ model: 'o3' }))).text();
    const found = await scrape(rig);
    expect(sumOf(found, 'cam_refused_calls_total')).toBe(1);
    expect(sumOf(found, 'cam_calls_total')).toBe(0);
  });

  it('keeps the number of models bounded, and loses none of their tokens', async () => {
    await using rig = await openRig({ clientKeys: KEYS });
    for (let n = 0; n < 70; n++)
      await (await rig.post('/v1/responses', responses({ model: `gpt-5-${n}` }))).text();
    const found = await scrape(rig);
    const models = new Set(
      found.filter(({ name }) => name === 'cam_tokens_total').map(({ labels }) => labels.model),
    );
    expect(models.size).toBe(65);
    expect(models).toContain('other');
    const rows = await rig.rows();
    expect(sumOf(found, 'cam_tokens_total', { kind: 'input' })).toBe(
      rows.reduce((sum, row) => sum + (row.input_tokens ?? 0), 0),
    );
  });

  it('is told to a client key with the scope for it, names to one that may see accounts, nothing to others', async () => {
    const quiet = 'cam-quiet-scraper-0123456789';
    await using rig = await openRig({
      clientKeys: [...KEYS, { key: quiet, name: 'quiet', scopes: ['metrics'] }],
    });
    const found = await scrape(rig, quiet);
    expect(found.some(({ name }) => name === 'cam_account_up')).toBe(true);
    expect(JSON.stringify(found)).not.toContain('"one"');
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${rig.url}/metrics`, { headers })).status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: 'Bearer nonsense' })).toBe(401);
    expect(await status({ authorization: `Bearer ${CLIENT_KEY}` })).toBe(403);
    expect((await fetch(`${rig.url}/metrics`, { method: 'POST' })).status).toBe(405);
    // A key for metrics makes no calls.
    const call = await rig.post('/v1/responses', responses(), { authorization: `Bearer ${quiet}` });
    expect(call.status).toBe(403);
  });

  it('is not told while the vault is locked', async () => {
    await using rig = await openRig({ clientKeys: KEYS, locked: true });
    const answer = await fetch(`${rig.url}/metrics`, { headers: { authorization: `Bearer ${SCRAPER}` } });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { code: 'vault_locked' } });
  });
});

describe('The Grafana dashboard', () => {
  it('asks for nothing that is not there', async () => {
    await using rig = await openRig({ clientKeys: KEYS });
    const answer = await fetch(`${rig.url}/metrics`, { headers: { authorization: `Bearer ${SCRAPER}` } });
    const families = [...(await answer.text()).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    const dashboard = readFileSync(new URL('../../../docs/grafana-dashboard.json', import.meta.url), 'utf8');
    const asked = new Set(
      [...dashboard.matchAll(/\bcam_\w+/g)].map(([name]) => name.replace(/_bucket$/, '')),
    );
    expect(asked.size).toBeGreaterThan(10);
    expect([...asked].filter((name) => !families.includes(name))).toEqual([]);
    const documented = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    for (const name of families) expect(documented).toContain(`\`${name}\``);
  });
});
