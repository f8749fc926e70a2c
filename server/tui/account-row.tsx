/** One account as a line: what it is doing, what it has left, what it cost. As much of it as the terminal is wide. */
import { Box, Text } from 'ink';
import { DASH, formatDuration, formatMoney } from '../../lib/format.ts';
import { isPastReset } from '../../lib/routing/utilization.ts';
import type { AccountView } from '../../lib/wire/account-views.ts';
import { stateCell, untilText } from '../cli/account-text.ts';
import { heartbeat, type Tone } from './blocks.ts';
import { Cell, Gauge, Toned } from './parts.tsx';

const MARKS: Readonly<Record<string, string>> = { ok: '●', warn: '◐', bad: '✕', dim: '○' };

export function AccountRow({
  account,
  nowMs,
  columns,
}: {
  account: AccountView;
  nowMs: number;
  columns: number;
}) {
  const { text, style } = stateCell(account.state);
  const tone: Tone = style === 'ok' || style === 'warn' || style === 'bad' ? style : 'dim';
  const until = untilText(account.state, nowMs);
  return (
    <Box gap={1}>
      <Cell width={columns < 100 ? 16 : 20}>{account.name}</Cell>
      <Cell width={20} tone={tone}>{`${MARKS[tone] ?? '○'} ${text}${until === '' ? '' : ` ${until}`}`}</Cell>
      {columns >= 76 && (
        <Text>
          {heartbeat(account.heartbeat, columns < 110 ? 8 : 16).map(({ block, tone: beat }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name than their place
            <Toned key={at} tone={beat}>
              {block}
            </Toned>
          ))}
        </Text>
      )}
      {columns >= 96 && <Gauge name="RPM" share={headerShare(account, 'requests', nowMs)} width={8} />}
      {columns >= 116 && <Gauge name="TPM" share={headerShare(account, 'tokens', nowMs)} width={8} />}
      {columns >= 60 && (
        <Cell width={15} right>
          {moneyText(account)}
        </Cell>
      )}
      {columns >= 130 && (
        <Cell width={7} right tone="dim">
          {account.p95Ms === null ? DASH : formatDuration(account.p95Ms)}
        </Cell>
      )}
    </Box>
  );
}

/** Of what the provider told last; null once that is past its own reset. */
function headerShare(account: AccountView, bucket: string, nowMs: number): number | null {
  const figure = account.headerLimits[bucket];
  if (!figure || figure.limit === null || figure.remaining === null || figure.limit <= 0) return null;
  return isPastReset(figure, nowMs) ? null : (figure.limit - figure.remaining) / figure.limit;
}

/** Today's cost, and of how much where there is a limit. */
function moneyText({ today, limits }: AccountView): string {
  const limit = limits.day?.cost;
  return `${formatMoney(today.cost)}${limit === undefined ? '' : `/${formatMoney(limit)}`}`;
}
