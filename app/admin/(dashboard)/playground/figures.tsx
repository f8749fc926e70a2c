'use client';
/** What the latest call took: known pieces at once, the money when the ledger has it. Unknown is a dash. */
import Link from 'next/link';
import type { ReactNode } from 'react';
import { DASH, formatCallCost, formatCount, formatDuration, formatMoney } from '../../../../lib/format.ts';
import { sayDecided } from '../../../../lib/routing/plan-words.ts';
import type { RequestView } from '../../../../lib/wire/views.ts';
import { Swatch } from '../../../_components/account-mark.tsx';
import { useAccounts, useRequest } from '../../../_data/resources.ts';
import type { Run } from './use-run.ts';

export function Figures({ run }: { run: Run | null }) {
  const over = run !== null && run.phase !== 'asking' && run.phase !== 'writing';
  const { data: call } = useRequest(over ? run.requestId : null);
  const booked = call?.id === run?.requestId ? call : undefined;
  const usage = run?.answer.usage ?? booked?.usage ?? null;
  return (
    <dl className="grid grid-cols-2 border-t bg-raised/60 max-lg:rounded-b-card lg:grid-cols-[1fr_1fr_1fr_1fr_1.6fr] lg:rounded-b-card">
      <Figure name="Tokens in" note={usage ? `${formatCount(usage.cachedTokens)} cached` : ''}>
        {formatCount(usage?.inputTokens ?? null)}
      </Figure>
      <Figure name="Tokens out" note={rate(run, usage?.outputTokens ?? null)}>
        {formatCount(usage?.outputTokens ?? null)}
      </Figure>
      <Figure name="Cost" note={booked ? saved(booked) : ''}>
        {booked ? formatCallCost(booked) : DASH}
      </Figure>
      <Figure
        name="First token"
        note={
          booked?.overheadUs == null
            ? ''
            : `proxy ${formatDuration(Math.max(1, Math.round(booked.overheadUs / 1_000)))}`
        }
      >
        {formatDuration(run?.firstTokenMs ?? null)}
      </Figure>
      <ServedBy run={run} call={booked} />
    </dl>
  );
}

function Figure({ name, note, children }: { name: string; note: string; children: ReactNode }) {
  return (
    <div className="min-w-0 border-b px-4 py-3 odd:border-r lg:border-r lg:border-b-0">
      <dt className="text-11 text-fg-3">{name}</dt>
      <dd className="text-14 font-semibold">{children}</dd>
      <dd className="min-h-4 truncate text-11 text-fg-3">{note}</dd>
    </div>
  );
}

function ServedBy({ run, call }: { run: Run | null; call: RequestView | undefined }) {
  const { data: accounts } = useAccounts();
  const name = run?.accountName ?? null;
  const account = accounts?.find((one) => one.name === name);
  const plan = call?.plan;
  return (
    <div className="col-span-2 min-w-0 px-4 py-3 lg:col-span-1">
      <dt className="text-11 text-fg-3">Served by</dt>
      <dd className="flex items-center gap-2">
        {name === null ? (
          <span className="text-14 font-semibold">{DASH}</span>
        ) : (
          <>
            <Swatch hue={account?.hue ?? null} />
            <bdi className="truncate text-14 font-semibold">{name}</bdi>
          </>
        )}
        {call && (
          <Link
            href={`/admin/requests?id=${call.id}`}
            className="ml-auto text-12 font-medium text-acc-text underline-offset-2 hover:underline"
          >
            Plan
          </Link>
        )}
      </dd>
      <dd className="min-h-4 truncate text-11 text-fg-3">
        {plan?.candidates[0] ? sayDecided(plan, call?.sessionHash != null) : ''}
      </dd>
    </div>
  );
}

function rate(run: Run | null, tokens: number | null): string {
  if (run === null || tokens === null || run.firstTokenMs === null) return '';
  const seconds = (run.lastMs - run.firstTokenMs) / 1_000;
  return seconds < 0.2 ? '' : `${Math.round(tokens / seconds)} a second`;
}

/** What the cached tokens would have cost more, had they not been cached. */
function saved({ usage, prices }: RequestView): string {
  const cached = usage?.cachedTokens ?? null;
  if (cached === null || cached === 0 || prices?.cached == null) return '';
  return `${formatMoney((cached * (prices.input - prices.cached)) / 1_000_000)} less by cache`;
}
