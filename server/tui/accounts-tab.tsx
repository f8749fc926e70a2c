/** All accounts, with the latest calls and the selected account below where there is room. */
import { Box, Text } from 'ink';
import type { AccountView } from '../../lib/wire/account-views.ts';
import type { RequestRowView } from '../../lib/wire/views.ts';
import { AccountDetail } from './account-detail.tsx';
import { AccountRow } from './account-row.tsx';
import { CallRow } from './call-row.tsx';
import { Panel, Rows } from './parts.tsx';
import type { Fresh, Shown } from './use-data.ts';

const DETAIL_ROWS = 14;
const DETAIL_LEAST = 8;

export function AccountsTab(props: {
  fresh: Fresh<Shown>;
  accounts: readonly AccountView[];
  calls: readonly RequestRowView[];
  selected: number;
  nowMs: number;
  columns: number;
  rows: number;
  filtered: boolean;
}) {
  const { accounts, calls, columns, nowMs, rows, selected } = props;
  const account = accounts[selected];
  const wanted = Math.min(DETAIL_ROWS, Math.max(DETAIL_LEAST, rows - accounts.length - 3));
  const below = account !== undefined && rows >= DETAIL_LEAST + 6 ? wanted : 0;
  const both = columns >= 110;
  return (
    <>
      <Panel title="Accounts" note={`${accounts.length}`} grow>
        {accounts.length === 0 && <Text dimColor>{emptyText(props)}</Text>}
        <Rows rows={accounts} selected={selected} room={rows - below - 3} keyOf={({ id }) => id}>
          {(one) => <AccountRow account={one} nowMs={nowMs} columns={columns} />}
        </Rows>
      </Panel>
      {below > 0 && account !== undefined && (
        <Box height={below} flexShrink={0}>
          {both && (
            <Panel title="Live" width={Math.floor(columns * 0.55)} height={below}>
              {calls.length === 0 && <Text dimColor>No calls yet.</Text>}
              {calls.slice(0, below - 3).map((call) => (
                <Box key={call.id} height={1} flexShrink={0} overflow="hidden">
                  <CallRow call={call} columns={60} />
                </Box>
              ))}
            </Panel>
          )}
          <Panel title={account.name} height={below} grow>
            <AccountDetail account={account} nowMs={nowMs} />
          </Panel>
        </Box>
      )}
    </>
  );
}

function emptyText({ fresh, filtered }: { fresh: Fresh<Shown>; filtered: boolean }): string {
  if (fresh.data === null) return fresh.problem ?? 'One moment…';
  return filtered ? 'No account is like that; esc shows all.' : 'There is no account yet: a adds one.';
}
