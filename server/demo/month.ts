/**
 * A month of calls that never were: conversations that grow, are cached, move when an account is limited, are left and
 * fail now and then. The same seed, clock and prices give the same month.
 */
import { type AccountId, type ClientKeyId, requestId, uuidV7 } from '../../lib/base/id.ts';
import { seededRandom } from '../../lib/base/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/base/time.ts';
import type { OpenedRecord, Outcome } from '../../lib/metering/ledger.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';
import type { Usage } from '../../lib/metering/usage.ts';
import type { Attempt } from '../../lib/routing/attempt.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { RecordedCall } from '../db/history.ts';
import { BUSIEST, type DemoAccount, type DemoClient, HOURS, LIMITED, WEEKEND, weighted } from './story.ts';

export interface MonthInput {
  readonly accounts: readonly (DemoAccount & { readonly id: AccountId })[];
  readonly clients: readonly (DemoClient & { readonly id: ClientKeyId })[];
  readonly prices: Pick<PriceBook, 'prices' | 'cost'>;
  readonly nowMs: number;
  readonly seed: number;
}

const DAYS = 31;
/** The limited account was met first so long before the end. */
const LIMITED_FOR_MS = 20 * MINUTE_MS;
const CACHE_KEPT_MS = 5 * MINUTE_MS;
const CACHE_BLOCK = 128;
const CONTEXT_MAX = 180_000;

/** Oldest first. */
export function monthOf(input: MonthInput): readonly RecordedCall[] {
  const random = seededRandom(input.seed);
  const calls: RecordedCall[] = [];
  const firstHourMs = Math.floor(input.nowMs / HOUR_MS) * HOUR_MS - DAYS * DAY_MS;
  for (let hourMs = firstHourMs; hourMs < input.nowMs; hourMs += HOUR_MS) {
    for (const client of input.clients) {
      const expected = BUSIEST * client.part * intensity(hourMs, client);
      // As many as expected, the rest by chance.
      const count = Math.floor(expected) + (random() < expected % 1 ? 1 : 0);
      for (let n = 0; n < count; n++)
        converse(input, client, hourMs + Math.floor(random() * HOUR_MS), random, calls);
    }
  }
  return calls
    .filter(({ settled }) => settled.endedAtMs < input.nowMs)
    .sort((a, b) => a.opened.startedAtMs - b.opened.startedAtMs);
}

function intensity(hourMs: number, { tireless }: DemoClient): number {
  const at = new Date(hourMs);
  if (tireless) return 0.5;
  const weekend = at.getDay() === 0 || at.getDay() === 6;
  return (HOURS[at.getHours()] ?? 0) * (weekend ? WEEKEND : 1);
}

interface Conversation {
  readonly client: MonthInput['clients'][number];
  readonly model: string;
  readonly session: string;
  readonly parent: string | null;
  account: MonthInput['accounts'][number];
  context: number;
  /** What was sent last, and when: what is still cached. */
  sent: number;
  sentAtMs: number;
}

function converse(
  input: MonthInput,
  client: MonthInput['clients'][number],
  startMs: number,
  random: () => number,
  calls: RecordedCall[],
  parent: Conversation | null = null,
): void {
  const talk: Conversation = {
    client,
    model: pickedModel(client, random),
    session: hex(random, 32),
    parent: parent?.session ?? null,
    // A helper works where the one that started it does.
    account: parent?.account ?? picked(input.accounts, random),
    context: parent === null ? 9_000 + random() * 14_000 : 4_000 + random() * 6_000,
    sent: 0,
    sentAtMs: 0,
  };
  const turns = client.tireless ? 1 + Math.floor(random() * 4) : 3 + Math.floor(random() * random() * 26);
  let atMs = startMs;
  for (let turn = 0; turn < turns; turn++) {
    const made = speak(input, talk, atMs, random);
    calls.push(made);
    if (made.settled.outcome === 'cancelled') return;
    if (parent === null && !client.tireless && random() < 0.02)
      converse(input, client, made.settled.endedAtMs + 2 * SECOND_MS, random, calls, talk);
    atMs = made.settled.endedAtMs + (4 + random() * random() * 140) * SECOND_MS;
    talk.context = Math.min(CONTEXT_MAX, talk.context + 400 + random() * 5_200);
  }
}

function speak(input: MonthInput, talk: Conversation, atMs: number, random: () => number): RecordedCall {
  const first = talk.account;
  const limited = first.name === LIMITED && atMs > input.nowMs - LIMITED_FOR_MS;
  const moves = limited || random() < 0.006;
  if (moves) talk.account = picked(input.accounts, random, first);
  const fate = random();
  const outcome: Outcome = fate < 0.008 ? 'cancelled' : fate < 0.0095 ? 'failed' : 'delivered';
  const usage = outcome === 'delivered' ? usageOf(talk, atMs, moves, random) : null;
  const prices = input.prices.prices(talk.model, {
    inputTokens: usage?.inputTokens ?? null,
    serviceTier: null,
    multiplier: 1,
    atMs,
  });
  const refusedMs = moves ? 140 + Math.round(random() * 500) : 0;
  const firstTokenMs = refusedMs + Math.round(320 + random() * random() * 2_600);
  const writing = ((usage?.outputTokens ?? 300) / (45 + random() * 60)) * SECOND_MS;
  const durationMs = firstTokenMs + Math.round(writing);
  const id = requestId(uuidV7(Math.round(atMs), bytes(random)));
  const story = { first, moves, refusedMs, firstTokenMs, outcome, failed: outcome === 'failed' };
  talk.sentAtMs = atMs;
  return {
    opened: {
      id,
      startedAtMs: Math.round(atMs),
      clientKeyId: talk.client.id,
      endpoint: talk.client.name === 'notebook' ? 'POST /chat/completions' : 'POST /responses',
      model: talk.model,
      stream: !talk.client.tireless,
      sessionHash: talk.session,
      parentHash: talk.parent,
      userAgent: talk.client.userAgent,
      requestBytes: Math.round(talk.context * 4.1),
      firstAccountId: first.id,
      reservedTokens: 0,
      reservedCost: 0 as OpenedRecord['reservedCost'],
    },
    settled: {
      id,
      endedAtMs: Math.round(atMs + durationMs),
      outcome,
      status: outcome === 'delivered' ? 200 : outcome === 'failed' ? 502 : 200,
      errorCode: outcome === 'failed' ? 'upstream_unavailable' : null,
      accountId: outcome === 'failed' ? null : talk.account.id,
      attempts: moves ? 2 : 1,
      usage,
      estimated: false,
      servedModel: null,
      cost: usage !== null && prices !== null ? input.prices.cost(usage, prices) : null,
      assumedCost: null,
      prices: usage === null ? null : prices,
      firstTokenMs: outcome === 'delivered' ? firstTokenMs : null,
      durationMs,
      overheadUs: Math.round(700 + random() * 2_600),
      responseBytes: Math.round((usage?.outputTokens ?? 40) * 130),
      reasoningDropped: moves && random() < 0.5,
      explanation: JSON.stringify({
        session: 'session-id',
        plan: planOf(input, talk, story, atMs, random),
        attempts: attemptsOf(talk, story, durationMs, random),
      }),
    },
  };
}

function usageOf(talk: Conversation, atMs: number, moved: boolean, random: () => number): Usage {
  const inputTokens = Math.round(talk.context);
  const warm = !moved && talk.sent > 0 && atMs - talk.sentAtMs < CACHE_KEPT_MS;
  const cachedTokens = warm ? Math.floor(talk.sent / CACHE_BLOCK) * CACHE_BLOCK : 0;
  const outputTokens = Math.round(60 + random() * random() * 1_900);
  talk.sent = inputTokens;
  return {
    inputTokens,
    cachedTokens,
    cacheWriteTokens: 0,
    outputTokens,
    reasoningTokens: Math.round(outputTokens * random() * 0.6),
    audioInputTokens: null,
    audioOutputTokens: null,
    imageInputTokens: null,
    imageOutputTokens: null,
    totalTokens: inputTokens + outputTokens,
    serviceTier: 'default',
    flagged: false,
  };
}

interface Told {
  readonly first: MonthInput['accounts'][number];
  readonly moves: boolean;
  readonly refusedMs: number;
  readonly firstTokenMs: number;
  readonly outcome: Outcome;
}

function planOf(
  { accounts, nowMs }: MonthInput,
  talk: Conversation,
  { first, moves }: Told,
  atMs: number,
  random: () => number,
): RoutePlan {
  const others = accounts.filter(({ id }) => id !== first.id && id !== talk.account.id);
  const rest = atMs > nowMs - LIMITED_FOR_MS ? others.filter(({ name }) => name !== LIMITED) : others;
  const candidates = [first, ...(moves ? [talk.account] : []), ...rest].map(({ id, name, part }) => ({
    accountId: id,
    name,
    utilization: Math.round((0.12 + random() * 0.3 + part * 0.4) * 100) / 100,
    decidedBy: part === 0 ? null : 'header.tokens',
    stripReasoning: false,
    probe: false,
  }));
  const known = talk.sent > 0;
  return {
    strategy: 'least_utilized',
    decidedBy: known ? 'session' : 'strategy',
    candidates,
    leftOut: others
      .filter((account) => !rest.includes(account))
      .map(({ id, name }) => ({
        accountId: id,
        name,
        reason: 'cooling_down' as const,
        detail: 'rate_limit_exceeded',
        untilMs: Math.round(atMs + 60 * SECOND_MS),
      })),
    madeAtMs: Math.round(atMs),
    home: known ? first.id : null,
  };
}

function attemptsOf(talk: Conversation, told: Told, durationMs: number, random: () => number): Attempt[] {
  const request = (): string => `req_${hex(random, 24)}`;
  const { first, moves, refusedMs, firstTokenMs, outcome } = told;
  const attempt = (number: number, account: MonthInput['accounts'][number], startedMs: number) => ({
    number,
    accountId: account.id,
    accountName: account.name,
    waitedMs: 0,
    startedMs,
    upstreamRequestId: request(),
    reasoningStripped: false,
  });
  const refusal = {
    class: 'rate_limit' as const,
    phase: 'first_event' as const,
    code: 'rate_limit_exceeded',
    summary: 'The account is at its limit of tokens per minute.',
    toldWaitMs: 60_000,
    toldWaitRaw: '60',
  };
  const broken = {
    class: 'overload' as const,
    phase: 'first_event' as const,
    code: '502',
    summary: 'The provider’s edge answered 502.',
    toldWaitMs: null,
    toldWaitRaw: null,
  };
  const last = attempt(moves ? 2 : 1, talk.account, moves ? refusedMs : 2);
  return [
    ...(moves
      ? [
          {
            ...attempt(1, first, 2),
            firstByteMs: refusedMs,
            endedMs: refusedMs,
            status: 429,
            failure: refusal,
          },
        ]
      : []),
    outcome === 'failed'
      ? { ...last, firstByteMs: firstTokenMs, endedMs: durationMs, status: 502, failure: broken }
      : { ...last, firstByteMs: firstTokenMs, endedMs: firstTokenMs, status: 200, failure: null },
  ];
}

function picked(
  accounts: MonthInput['accounts'],
  random: () => number,
  except?: MonthInput['accounts'][number],
): MonthInput['accounts'][number] {
  const among = accounts.filter((account) => account !== except && account.part > 0);
  return weighted(
    among.map((account) => [account, account.part] as const),
    random,
  );
}

const pickedModel = ({ models }: DemoClient, random: () => number): string => weighted(models, random);

const hex = (random: () => number, length: number): string =>
  Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
const bytes = (random: () => number): Uint8Array =>
  Uint8Array.from({ length: 10 }, () => Math.floor(random() * 256));
