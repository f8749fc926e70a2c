/**
 * The demonstration: this very server on data in memory, with a made-up month behind it and agents at work on an emulated
 * provider. Nothing leaves the machine and nothing is kept.
 */
import { randomUUID } from 'node:crypto';
import { SERVER } from '../../lib/audit/actor.ts';
import { accountId, clientKeyId } from '../../lib/base/id.ts';
import { NANO_PER_DOLLAR, nanoDollars } from '../../lib/base/money.ts';
import { Secret } from '../../lib/base/secret.ts';
import type { Clock } from '../../lib/base/time.ts';
import { createPriceBook } from '../../lib/metering/price-book.ts';
import type { Settings } from '../config.ts';
import type { Log } from '../log.ts';
import { boot, type Running } from '../main.ts';
import { createEmulator, type Emulator } from './emulator.ts';
import { type Fault, faults, scripts } from './faults.ts';
import { monthOf } from './month.ts';
import { DEMO_ACCOUNTS, DEMO_CLIENTS, DEMO_MODELS, LIMITED } from './story.ts';
import { talk } from './traffic.ts';

/** Anybody may know it: there is nothing behind it. */
export const DEMO_MASTER_KEY = 'demo demo demo';

export interface DemoOptions {
  readonly settings: Settings;
  readonly log: Log;
  readonly clock: Clock;
  readonly seed: number;
  /** Agents go on making calls. */
  readonly live: boolean;
}

export interface Demo {
  readonly running: Running;
  readonly emulator: Emulator;
  /** What the server proves itself with to the command line. */
  readonly startId: string;
  /** How many calls the month has. */
  readonly calls: number;
  close(): Promise<void>;
}

const LIMITED_S = 102;
const MONTH_USED = 0.7;

export async function startDemo({ settings, log, clock, seed, live }: DemoOptions): Promise<Demo> {
  const emulator = await createEmulator({
    seed,
    clock,
    keys: DEMO_ACCOUNTS.map((account) => ({ ...account, models: DEMO_MODELS })),
  });
  const startId = randomUUID();
  const running = await boot({
    settings,
    dataFolder: null,
    databaseFile: ':memory:',
    log,
    clock,
    env: {},
    startId,
    demo: true,
  });
  const stop = new AbortController();
  let talking: Promise<void> = Promise.resolve();
  const close = async (): Promise<void> => {
    stop.abort();
    await talking;
    await running.close(1_000);
    await emulator.close();
  };
  try {
    await running.openWith(new Secret(DEMO_MASTER_KEY));
    const { accounts, clients } = await people(running, emulator);
    const prices = createPriceBook({ today: () => clock.nowMs() });
    const month = monthOf({ accounts, clients, prices, nowMs: clock.nowMs(), seed });
    await running.app.fillHistory(month);
    await setLimits(running, accounts);
    for (const { key } of DEMO_ACCOUNTS) emulator.script(key, scripts.always(SPEAKS));
    await meetLimit(running, emulator);
    if (live) talking = talk({ url: running.url, clients, seed, signal: stop.signal });
    return { running, emulator, startId, calls: month.length, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type People = Awaited<ReturnType<typeof people>>;

async function people({ app }: Running, emulator: Emulator) {
  const { services } = app;
  const accounts = [];
  for (const account of DEMO_ACCOUNTS) {
    const { name, key, priority } = account;
    const added = await services.accounts.add(
      {
        name,
        key: new Secret(key),
        baseUrl: emulator.baseUrl,
        allowLocal: true,
        check: true,
        ...(priority === undefined ? {} : { priority }),
      },
      SERVER,
    );
    accounts.push({ ...account, id: accountId(added.account.id) });
  }
  const clients = [];
  for (const client of DEMO_CLIENTS) {
    const { name, dayLimitDollars } = client;
    const limits = dayLimitDollars === undefined ? {} : { day: { cost: dollars(dayLimitDollars) } };
    const added = await services.clients.add({ name, limits }, SERVER);
    clients.push({ ...client, id: clientKeyId(added.clientKey.id), key: added.key });
  }
  return { accounts, clients };
}

/** Early in a day so little was spent that a limit to match would be below the price of a single call. */
const LEAST_OF_LIMIT = 0.25;

/** Limits such that day and month stand where the story says, whatever the hour and the day of the month are. */
async function setLimits({ app }: Running, accounts: People['accounts']): Promise<void> {
  const month = await app.services.usage.breakdown({ period: 'month', by: 'account' });
  for (const view of await app.services.accounts.list()) {
    const { dayUsed, dayLimitDollars } = accounts.find(({ id }) => id === view.id) ?? {};
    if (dayLimitDollars === undefined) continue;
    const spent = (view.today.cost ?? 0) / NANO_PER_DOLLAR;
    const fitting = dayUsed == null ? dayLimitDollars : Math.ceil((spent / dayUsed) * 100) / 100;
    const day = spent === 0 ? dayLimitDollars : Math.max(fitting, dayLimitDollars * LEAST_OF_LIMIT);
    const soFar = (month.groups.find(({ key }) => key === view.id)?.cost ?? 0) / NANO_PER_DOLLAR;
    const ofMonth = Math.max(20 * dayLimitDollars, Math.ceil(soFar / MONTH_USED));
    const limits = { day: { cost: dollars(day) }, month: { cost: dollars(ofMonth) } };
    await app.services.accounts.edit({ ref: view.id, limits }, SERVER);
  }
}

/** One account is told to wait, by its provider, as the dashboard is opened. */
async function meetLimit({ app, url }: Running, emulator: Emulator): Promise<void> {
  const limited = DEMO_ACCOUNTS.find(({ name }) => name === LIMITED);
  if (limited === undefined) return;
  emulator.script(limited.key, {
    steps: [{ fault: faults.rateLimit(LIMITED_S), times: 1 }, { fault: SPEAKS }],
  });
  const { jti } = await app.sessions.signIn('cookie');
  const { key } = await app.services.playground.key({ account: LIMITED }, { jti, via: 'cookie' });
  const answer = await fetch(`${url}/responses`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
    },
    body: JSON.stringify({ model: 'gpt-5.5', input: 'hi', store: false }),
  });
  await answer.text();
  app.sessions.end(jti);
}

/** About as fast as a model writes. */
const SPEAKS: Fault = { kind: 'slow', eventDelayMs: 60, firstByteDelayMs: 600 };

const dollars = (amount: number) => nanoDollars(Math.round(amount * 100) * (NANO_PER_DOLLAR / 100));
