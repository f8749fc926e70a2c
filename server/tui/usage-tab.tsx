/** What was used and what it comes to. */
import { Box, Text } from 'ink';
import {
  DASH,
  formatCount,
  formatLimit,
  formatMoney,
  formatPercent,
  formatTokens,
} from '../../lib/format.ts';
import type { LimitForecastView, Period, UsageGroup, UsageKey } from '../../lib/wire/usage-views.ts';
import { Cell, Gauge, Panel, Rows } from './parts.tsx';
import type { Fresh, UsageShown } from './use-data.ts';

export const PERIOD_NAMES: Readonly<Partial<Record<Period, string>>> = {
  today: 'today',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
  month: 'this month',
  last_month: 'the month before',
};
const BY: Readonly<Record<UsageKey, string>> = {
  account: 'account',
  model: 'model',
  client: 'client key',
  endpoint: 'endpoint',
};

export function UsageTab(props: {
  usage: Fresh<UsageShown>;
  by: UsageKey;
  period: Period;
  selected: number;
  rows: number;
  columns: number;
}) {
  const { data, problem } = props.usage;
  const note = `${PERIOD_NAMES[props.period] ?? props.period} by ${BY[props.by]}   b other keys, p other times`;
  if (data === null) {
    return (
      <Panel title="Usage" note={note} grow>
        <Text dimColor>{problem ?? 'One moment…'}</Text>
      </Panel>
    );
  }
  const { groups, total } = data.breakdown;
  const limits = [...data.forecast.limits].sort((a, b) => b.used / b.limit - a.used / a.limit).slice(0, 4);
  const below = limits.length === 0 ? 0 : limits.length + 3;
  return (
    <>
      <Panel title="Usage" note={note} grow>
        <Line row={null} columns={props.columns} />
        {groups.length === 0 && <Text dimColor>Nothing was used in that time.</Text>}
        <Rows
          rows={groups}
          selected={props.selected}
          room={props.rows - below - 5}
          keyOf={({ key }) => key || 'none'}
        >
          {(row) => <Line row={row} columns={props.columns} />}
        </Rows>
        <Box>
          <Text>{'  '}</Text>
          <Line row={{ ...total, key: 'all', name: 'All' }} columns={props.columns} bold />
        </Box>
      </Panel>
      {limits.length > 0 && (
        <Panel title="Limits" note="and what is expected of them" height={below}>
          {limits.map((limit) => (
            <Box
              key={`${limit.holder.id}.${limit.window}.${limit.amount}`}
              gap={1}
              height={1}
              flexShrink={0}
              overflow="hidden"
            >
              <Cell width={18}>{limit.holder.name}</Cell>
              <Gauge name={limit.window.padEnd(5)} share={limit.used / limit.limit} width={10} />
              <Text wrap="truncate">{limitText(limit)}</Text>
            </Box>
          ))}
        </Panel>
      )}
    </>
  );
}

function Line({ row, columns, bold }: { row: UsageGroup | null; columns: number; bold?: boolean }) {
  const cells: readonly (readonly [string, number, number, (of: UsageGroup) => string])[] = [
    ['Calls', 9, 0, ({ requests }) => formatCount(requests)],
    ['In', 9, 76, ({ inputTokens }) => formatTokens(inputTokens)],
    ['Cached', 7, 0, ({ cachedShare }) => formatPercent(cachedShare)],
    ['Out', 9, 86, ({ outputTokens }) => formatTokens(outputTokens)],
    ['429', 7, 0, ({ limited }) => formatCount(limited)],
    ['Cost', 10, 0, ({ cost }) => formatMoney(cost)],
  ];
  return (
    <Box>
      {row === null && <Text>{'  '}</Text>}
      <Cell width={columns < 80 ? 18 : 28} tone={row === null ? 'dim' : null} bold={bold === true}>
        {row?.name ?? ''}
      </Cell>
      {cells
        .filter(([, , least]) => columns >= least)
        .map(([name, width, , of]) => (
          <Cell key={name} width={width} right tone={row === null ? 'dim' : null} bold={bold === true}>
            {row === null ? name : of(row)}
          </Cell>
        ))}
    </Box>
  );
}

function limitText({ amount, used, limit, expected, runsOutMs }: LimitForecastView): string {
  const say = (value: number | null): string =>
    value === null ? DASH : amount === 'cost' ? formatMoney(value) : formatLimit(value);
  const when =
    runsOutMs === null
      ? 'lasts'
      : `runs out ${new Date(runsOutMs).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })}`;
  return `${say(used)} of ${say(limit)}, ends near ${say(expected)}, ${expected === null ? 'not known yet' : when}`;
}
