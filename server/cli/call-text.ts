/** One call as a story: what came of it, whom it was tried with, why there, which conversation, what it cost. */
import {
  DASH,
  formatBytes,
  formatCallCost,
  formatCount,
  formatDuration,
  formatMoney,
} from '../../lib/format.ts';
import { sayWait } from '../../lib/resilience/told-wait.ts';
import { type Attempt, waitedMs } from '../../lib/routing/attempt.ts';
import { sayLeft, sayNoAttempts, sayRefusal, sayWhereLeft } from '../../lib/routing/left-words.ts';
import { saySessionSource } from '../../lib/routing/plan-words.ts';
import type { RequestView } from '../../lib/wire/views.ts';
import { heading, printPlan } from './plan-text.ts';
import { type Cell, orDash, printFacts, printTable } from './table.ts';
import { printable, type Terminal } from './terminal.ts';

export function tellCall(terminal: Terminal, call: RequestView): void {
  terminal.out(printable(sayOutcome(call)));
  terminal.out(terminal.paint('dim', printable(identity(call))));
  heading(terminal, 'Attempts');
  printAttempts(terminal, call);
  if (call.plan) {
    heading(terminal, 'Why this account');
    printPlan(terminal, {
      plan: call.plan,
      session: call.sessionHash !== null,
      verdictOf: (id) => verdictOf(call, id),
    });
  }
  heading(terminal, 'Conversation');
  printFacts(terminal, conversation(call));
  heading(terminal, 'Usage and cost');
  printFacts(terminal, usage(call));
}

function identity(call: RequestView): string {
  const at = new Date(call.startedAtMs).toISOString();
  return [call.id, at, call.model ?? 'no model', call.endpoint, call.clientName].join('  ');
}

export function sayOutcome(call: RequestView): string {
  const served = call.accountName ?? call.firstAccountName;
  const took = formatDuration(call.durationMs);
  const code = call.errorCode === null ? '' : ` (${call.errorCode})`;
  switch (call.outcome) {
    case null:
      return `Still under way at ${served}.`;
    case 'delivered':
      if ((call.status ?? 0) >= 400)
        return `${served} answered ${call.status}, which is the client's own matter: it was passed on.`;
      return call.accountId === call.firstAccountId
        ? `Delivered by ${served} in ${took}.`
        : `Delivered by ${served} in ${took}, after ${call.firstAccountName} could not serve it.`;
    case 'interrupted':
      return call.plan === null
        ? `Broke off at ${served}: this program ended while the call was under way.`
        : `Begun by ${served} and broken off after ${took}${code}; the client was told so.`;
    case 'cancelled':
      return `The client left after ${took}, ${sayWhereLeft(call.plan, call.attemptList)}.`;
    case 'refused':
      return `Refused with ${call.status}${code}: ${sayRefusal(call.plan, call.errorMessage)}`;
    case 'failed':
      return `Not served: the client was told ${call.status}${code} after ${took}.`;
  }
}

const BAR = 24;

function printAttempts(terminal: Terminal, call: RequestView): void {
  const { attemptList } = call;
  if (attemptList.length === 0) {
    terminal.out(sayNoAttempts(call.outcome, call.plan));
    return;
  }
  const endMs = Math.max(1, ...attemptList.map(({ endedMs }) => endedMs));
  printTable(terminal, attemptList, [
    { title: '#', right: true, cell: ({ number }) => String(number) },
    { title: 'ACCOUNT', cell: ({ accountName }) => accountName },
    { title: 'STATUS', cell: ({ status }) => orDash(status, String) },
    { title: 'TIME', cell: (attempt) => barOf(attempt, endMs) },
    { title: 'TOOK', right: true, cell: ({ startedMs, endedMs }) => formatDuration(endedMs - startedMs) },
  ]);
  for (const attempt of attemptList) terminal.out(printable(`${attempt.number}: ${sayAttempt(attempt)}`));
}

/** Pale while nothing came, full while it answered, hatched where it failed. */
function barOf({ startedMs, firstByteMs, endedMs, failure }: Attempt, endMs: number): Cell {
  const column = (ms: number): number => Math.min(BAR, Math.round((ms / endMs) * BAR));
  const from = Math.min(column(startedMs), BAR - 1);
  const to = Math.max(column(endedMs), from + 1);
  const first = failure ? to : Math.min(Math.max(column(firstByteMs ?? endedMs), from), to);
  const text =
    '·'.repeat(from) +
    (failure ? '▒'.repeat(to - from) : '░'.repeat(first - from) + '█'.repeat(to - first)) +
    '·'.repeat(BAR - to);
  return { text, style: failure ? 'bad' : 'ok' };
}

function sayAttempt(attempt: Attempt): string {
  const { failure, firstByteMs, startedMs } = attempt;
  const sentences = [
    attempt.waitedMs > 0 ? `After a wait of ${sayWait(attempt.waitedMs)}.` : '',
    attempt.reasoningStripped ? 'Sent without its encrypted reasoning.' : '',
    failure ? `${failure.class}: ${failure.summary}` : (sayLeft(attempt) ?? 'Answered.'),
    failure || firstByteMs === null ? '' : `First byte after ${formatDuration(firstByteMs - startedMs)}.`,
    toldWait(failure),
    failure && failure.phase !== 'mid_stream' ? 'Nothing had reached the client.' : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** The sentence about a rate limit has it already. */
function toldWait(failure: Attempt['failure']): string {
  if (failure === null || failure.toldWaitMs === null || failure.class === 'rate_limit') return '';
  return `It asked to wait ${sayWait(failure.toldWaitMs)} (in its words: ${failure.toldWaitRaw ?? DASH}).`;
}

function verdictOf(call: RequestView, id: string): string {
  if (id === call.accountId) return 'took it';
  return call.attemptList.some((attempt) => attempt.accountId === id) ? 'tried' : '';
}

function conversation(call: RequestView) {
  return [
    ['recognised by', orDash(call.sessionSource, saySessionSource)],
    ...(call.sessionHash === null
      ? []
      : ([
          ['home then', orDash(call.plan, () => call.homeName ?? 'none yet')],
          ['session', call.sessionHash],
        ] as const)),
    ...(call.parentHash === null ? [] : [['started by', call.parentHash] as const]),
    ...(call.reasoningDropped
      ? [['reasoning', 'encrypted reasoning of another organisation was left out'] as const]
      : []),
  ] as const;
}

function usage(call: RequestView) {
  const { usage: used } = call;
  const waited = waitedMs(call.attemptList, call.plan);
  return [
    [
      'input',
      `${formatCount(used?.inputTokens ?? null)} tokens, ${formatCount(used?.cachedTokens ?? null)} cached`,
    ],
    [
      'output',
      `${formatCount(used?.outputTokens ?? null)} tokens, ${formatCount(used?.reasoningTokens ?? null)} reasoning`,
    ],
    ['cost', formatCallCost(call) + (call.prices ? ` (prices: ${call.prices.source})` : '')],
    ...(call.assumedCost === null
      ? []
      : [['towards limits', `${formatMoney(call.assumedCost)}, the dearest known price`] as const]),
    ...usageNotes(call),
    ['sent, received', `${formatBytes(call.requestBytes)}, ${formatBytes(call.responseBytes)}`],
    ['first token', formatDuration(call.firstTokenMs)],
    ...(waited === 0 ? [] : [['waited', formatDuration(waited)] as const]),
    [
      'our own time',
      call.overheadUs === null ? orDash(null, String) : formatDuration(call.overheadUs / 1000),
    ],
  ] as const;
}

/** ≈ in words, and figures of a provider that were not to be believed. */
function usageNotes({ usage: used, errorCode }: RequestView): (readonly [string, string])[] {
  const notes: (readonly [string, string])[] = [];
  if (used?.estimated) {
    const reserved = errorCode === 'server_stopped';
    notes.push([
      'estimated',
      reserved ? 'what was reserved: the server was stopped' : 'at least this: the provider reported none',
    ]);
  }
  if (used?.flagged) notes.push(['flagged', 'the provider reported figures that cannot be true']);
  return notes;
}
