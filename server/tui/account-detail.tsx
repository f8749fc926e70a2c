/** The selected account: what happened to it, its limits, and what it was told it may do. */
import { Box, Text } from 'ink';
import {
  DASH,
  formatCount,
  formatCountOf,
  formatLimit,
  formatMoney,
  formatSpan,
  formatTokens,
} from '../../lib/format.ts';
import type { AccountView, LimitUseView } from '../../lib/wire/account-views.ts';
import { keyText, modelsText, stateCell, untilText } from '../cli/account-text.ts';
import { printable } from '../cli/terminal.ts';
import { Gauge } from './parts.tsx';

export function AccountDetail({ account, nowMs }: { account: AccountView; nowMs: number }) {
  const { learned, state, today } = account;
  const until = untilText(state, nowMs);
  const facts: readonly (readonly [string, string])[] = [
    ['state', `${stateCell(state).text}${until === '' ? '' : `, ${until} left`}`],
    ...(state.reason === null ? [] : ([['why', state.reason]] as const)),
    ['key', keyText(account)],
    ['organization', learned.organization ?? account.organizationId ?? DASH],
    ['models', modelsText(account.models)],
    ['priority', `${account.priority}, weight ${account.weight}`],
    [
      'today',
      `${formatCountOf(today.requests, 'call')}, ${formatTokens(today.tokens)} tokens, ${formatMoney(today.cost)}`,
    ],
    ['429 today', formatCount(today.limited)],
    ['last used', account.lastUsedAtMs === null ? DASH : `${formatSpan(nowMs - account.lastUsedAtMs)} ago`],
  ];
  return (
    <Box flexDirection="column">
      {facts.map(([name, value]) => (
        <Box key={name} height={1} flexShrink={0} overflow="hidden">
          <Text dimColor>{name.padEnd(13)}</Text>
          <Text wrap="truncate">{printable(value)}</Text>
        </Box>
      ))}
      {account.limitUse.map((use) => (
        <Box key={`${use.window}.${use.kind}`} gap={1} height={1} flexShrink={0} overflow="hidden">
          <Gauge name={`${use.window} ${use.kind}`.padEnd(13)} share={shareOf(use)} width={10} />
          <Text wrap="truncate">{`${amount(use, use.used)} of ${amount(use, use.limit)}`}</Text>
        </Box>
      ))}
    </Box>
  );
}

const shareOf = ({ used, limit }: LimitUseView): number => (limit <= 0 ? 1 : used / limit);
const amount = ({ kind }: LimitUseView, value: number): string =>
  kind === 'cost' ? formatMoney(value) : formatLimit(value);
