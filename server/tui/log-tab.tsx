/** What somebody should know of, and who did what: alerts and deeds, newest first. */
import { Text } from 'ink';
import type { LogEntry } from './log-entries.ts';
import { Cell, Panel, Rows } from './parts.tsx';

const when = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

export function LogTab(props: {
  entries: readonly LogEntry[];
  problem: string | null;
  selected: number;
  rows: number;
  columns: number;
}) {
  return (
    <Panel title="Log" note="alerts, and who did what" grow>
      {props.entries.length === 0 && <Text dimColor>{props.problem ?? 'Nothing happened yet.'}</Text>}
      <Rows rows={props.entries} selected={props.selected} room={props.rows - 3} keyOf={({ key }) => key}>
        {({ atMs, tone, what, who }) => (
          <>
            <Cell width={15} tone="dim">
              {when.format(atMs)}
            </Cell>
            <Cell width={20} tone={tone}>
              {who.length > 18 ? `${who.slice(0, 17)}…` : who}
            </Cell>
            <Cell width={props.columns - 42} tone={tone}>
              {what}
            </Cell>
          </>
        )}
      </Rows>
    </Panel>
  );
}
