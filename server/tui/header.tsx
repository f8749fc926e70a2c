/** One line over everything: is it serving, how busy, what it costs, and what somebody should know of; and the tabs. */
import { Box, Text } from 'ink';
import { formatCount, formatMoney, formatSpan } from '../../lib/format.ts';
import { Toned } from './parts.tsx';
import { TABS, type Tab } from './tabs.ts';
import type { Fresh, Shown } from './use-data.ts';

const STALE_MS = 5_000;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

export function Header(props: { fresh: Fresh<Shown>; tab: Tab; columns: number; local: boolean }) {
  const { fresh, columns } = props;
  return (
    <>
      <Box height={1} flexShrink={0} gap={2} overflow="hidden" paddingX={1}>
        <Text bold>Codex Accounts</Text>
        <Serving {...props} />
        {fresh.data && <Figures shown={fresh.data} columns={columns} />}
        <Box flexGrow={1} />
        {columns >= 70 && <Text dimColor>{clock.format(fresh.data?.status.nowMs ?? Date.now())}</Text>}
      </Box>
      <Box height={1} flexShrink={0} paddingX={1} gap={1}>
        {TABS.map((tab, at) => (
          <Text key={tab} inverse={tab === props.tab} dimColor={tab !== props.tab}>
            {` ${at + 1} ${tab} `}
          </Text>
        ))}
      </Box>
    </>
  );
}

function Serving({ fresh: { data, problem, atMs }, local }: { fresh: Fresh<Shown>; local: boolean }) {
  if (data === null) return <Text dimColor>{problem ?? 'one moment…'}</Text>;
  if (problem !== null && Date.now() - atMs > STALE_MS)
    return <Toned tone="bad">{`✕ no answer for ${formatSpan(Date.now() - atMs)}`}</Toned>;
  const { status } = data;
  if (local) return <Toned tone="warn">○ no server runs; cam proxy starts it</Toned>;
  if (status.vault !== 'unlocked') return <Toned tone="warn">◐ locked</Toned>;
  if (status.network !== 'ok') return <Toned tone="bad">✕ no network</Toned>;
  return (
    <Toned tone="ok">{`● ${status.demo ? 'demo' : 'running'} ${status.endpoint.replace('http://', '')}`}</Toned>
  );
}

function Figures({ shown, columns }: { shown: Shown; columns: number }) {
  const { status, summary, alerts } = shown;
  const open = alerts.filter(({ endedAtMs }) => endedAtMs === null);
  const { cost, limit } = summary.today;
  return (
    <>
      {columns >= 110 && <Text>{`${status.callsPerSecond.toFixed(1)} req/s`}</Text>}
      {columns >= 76 && <Text>{`${status.inFlight} live`}</Text>}
      <Text>{`${formatMoney(cost)} today${limit === null ? '' : ` / ${formatMoney(limit)}`}`}</Text>
      {columns >= 100 && <Text dimColor>{`429 ${formatCount(summary.totals.limited)}`}</Text>}
      {open.length > 0 && (
        <Toned tone={open.some(({ severity }) => severity === 'bad') ? 'bad' : 'warn'}>
          {`▲ ${open.length} ${open.length === 1 ? 'alert' : 'alerts'}`}
        </Toned>
      )}
    </>
  );
}
