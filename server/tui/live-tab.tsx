/** The latest calls, and the story of the selected one. */
import { Text } from 'ink';
import type { RequestRowView } from '../../lib/wire/views.ts';
import type { Ask } from './acts.ts';
import { CallDetail } from './call-detail.tsx';
import { CallRow } from './call-row.tsx';
import { Panel, Rows } from './parts.tsx';
import type { Fresh, Shown } from './use-data.ts';

export function LiveTab(props: {
  fresh: Fresh<Shown>;
  calls: readonly RequestRowView[];
  selected: number;
  ask: Ask;
  columns: number;
  rows: number;
  filtered: boolean;
}) {
  const { fresh, calls, columns, rows, selected } = props;
  const call = calls[selected];
  const below = call !== undefined && rows >= 18 ? Math.floor(rows * 0.45) : 0;
  return (
    <>
      <Panel title="Calls" note="newest first" grow>
        {calls.length === 0 && (
          <Text dimColor>
            {fresh.data === null
              ? (fresh.problem ?? 'One moment…')
              : props.filtered
                ? 'No call is like that; esc shows all.'
                : 'No calls yet: cam connect points a client here.'}
          </Text>
        )}
        <Rows rows={calls} selected={selected} room={rows - below - 3} keyOf={({ id }) => id}>
          {(one) => <CallRow call={one} columns={columns} />}
        </Rows>
      </Panel>
      {below > 0 && call !== undefined && (
        <Panel title="Why it went where it went" height={below}>
          <CallDetail id={call.id} ask={props.ask} room={below - 3} />
        </Panel>
      )}
    </>
  );
}
