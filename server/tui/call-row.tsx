/** One call as a line. */
import { Box } from 'ink';
import { DASH, formatCallCost, formatCallTokens, formatDuration } from '../../lib/format.ts';
import type { RequestRowView } from '../../lib/wire/views.ts';
import type { Tone } from './blocks.ts';
import { Cell } from './parts.tsx';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export function CallRow({ call, columns }: { call: RequestRowView; columns: number }) {
  const [mark, tone] = markOf(call);
  const moved = call.accountName !== null && call.accountName !== call.firstAccountName;
  const account = moved
    ? `${call.firstAccountName} → ${call.accountName}`
    : (call.accountName ?? call.firstAccountName);
  return (
    <Box gap={1}>
      <Cell width={8} tone="dim">
        {clock.format(call.startedAtMs)}
      </Cell>
      <Cell width={5} tone={tone}>
        {`${mark} ${call.status ?? ''}`.trimEnd()}
      </Cell>
      <Cell width={columns < 70 ? 13 : columns < 90 ? 14 : 20}>{call.model ?? call.endpoint}</Cell>
      <Cell width={columns < 70 ? 12 : columns < 90 ? 14 : 24} tone={moved ? 'warn' : null}>
        {account}
      </Cell>
      {columns >= 90 && (
        <Cell width={14} tone="dim">
          {call.clientName}
        </Cell>
      )}
      {columns >= 70 && (
        <Cell width={8} right>
          {formatCallTokens(call)}
        </Cell>
      )}
      <Cell width={6} right>
        {call.durationMs === null ? DASH : formatDuration(call.durationMs)}
      </Cell>
      <Cell width={columns < 70 ? 7 : 9} right>
        {formatCallCost(call)}
      </Cell>
    </Box>
  );
}

function markOf({ outcome, accountId, firstAccountId }: RequestRowView): readonly [string, Tone | null] {
  if (outcome === null) return ['◌', 'dim'];
  if (outcome === 'cancelled') return ['◦', 'dim'];
  if (outcome !== 'delivered') return ['✕', 'bad'];
  return accountId === firstAccountId ? ['●', 'ok'] : ['↳', 'warn'];
}
