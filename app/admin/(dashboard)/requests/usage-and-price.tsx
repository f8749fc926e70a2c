'use client';
/** Tokens by kind, what a million of each cost on that day, and what that makes. Unknown stays a dash. */
import { formatCallCost, formatCount, formatEstimate, formatMoney } from '../../../../lib/format.ts';
import type { RequestView } from '../../../../lib/wire/views.ts';

interface Line {
  readonly kind: string;
  readonly tokens: number | null;
  /** Nano-dollars per million tokens. */
  readonly price: number | null;
}

/** Cached tokens are part of the input and reasoning of the output: each is shown apart and counted once. */
function linesOf({ usage, prices }: RequestView): readonly Line[] {
  if (!usage) return [];
  const cached = usage.cachedTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const reasoning = usage.reasoningTokens ?? 0;
  const rest = (whole: number | null, parts: number) => (whole === null ? null : Math.max(0, whole - parts));
  const lines: readonly Line[] = [
    { kind: 'Input', tokens: rest(usage.inputTokens, cached + written), price: prices?.input ?? null },
    { kind: 'Input, cached', tokens: usage.cachedTokens, price: prices?.cached ?? prices?.input ?? null },
    {
      kind: 'Input, kept for later',
      tokens: usage.cacheWriteTokens,
      price: prices?.cacheWrite ?? prices?.input ?? null,
    },
    { kind: 'Output', tokens: rest(usage.outputTokens, reasoning), price: prices?.output ?? null },
    { kind: 'Reasoning', tokens: usage.reasoningTokens, price: prices?.output ?? null },
  ];
  return lines.filter(({ tokens }, at) => tokens !== null || at === 0 || at === 3);
}

const costOf = ({ tokens, price }: Line): number | null =>
  tokens === null || price === null ? null : (tokens * price) / 1_000_000;

const HEAD = 'pb-1 text-right font-medium text-fg-3 first:text-left';
const CELL = 'h-6 text-right first:text-left';

export function UsageAndPrice({ call }: { call: RequestView }) {
  const lines = linesOf(call);
  if (lines.length === 0) {
    return (
      <p className="text-12 text-fg-3">
        {call.outcome === null
          ? 'Known when the call ends.'
          : 'The provider reported no usage for this call.'}
      </p>
    );
  }
  return (
    <>
      <table className="w-full text-12">
        <thead>
          <tr className="text-11">
            <th className={HEAD}>Kind</th>
            <th className={HEAD}>Tokens</th>
            <th className={HEAD}>Per million</th>
            <th className={HEAD}>Cost</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.kind}>
              <td className={CELL}>{line.kind}</td>
              <td className={CELL}>{formatEstimate(formatCount(line.tokens), call.usage?.estimated)}</td>
              <td className={`${CELL} text-fg-3`}>{formatMoney(line.price)}</td>
              <td className={CELL}>{formatEstimate(formatMoney(costOf(line)), call.usage?.estimated)}</td>
            </tr>
          ))}
          <tr className="border-t font-medium">
            <td className={CELL}>Total</td>
            <td className={CELL}>
              {formatEstimate(formatCount(call.usage?.totalTokens ?? null), call.usage?.estimated)}
            </td>
            <td />
            <td className={CELL}>{formatCallCost(call)}</td>
          </tr>
        </tbody>
      </table>
      {call.assumedCost !== null && (
        <p className="pt-2 text-12 text-warn-text">
          The price of this model is not known. Towards money limits the call counts as{' '}
          {formatMoney(call.assumedCost)}, the dearest known price.
        </p>
      )}
      {call.usage?.estimated && (
        <p className="pt-2 text-12 text-warn-text">
          {call.errorCode === 'server_stopped'
            ? 'What was reserved for the call: the server was stopped before it ended.'
            : 'Our own count of the text that was sent and shown, because the provider reported none. It used at least this: what a model thinks out of sight is not in it.'}
        </p>
      )}
      {call.usage?.flagged && (
        <p className="pt-2 text-12 text-warn-text">
          The provider reported figures that cannot be true. They were put right as far as that goes.
        </p>
      )}
    </>
  );
}
