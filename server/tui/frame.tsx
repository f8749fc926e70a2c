/** One frame, for `--once`: as high as it needs to be. */
import { Box } from 'ink';
import { AccountsTab } from './accounts-tab.tsx';
import { Header } from './header.tsx';
import type { Fresh, Shown } from './use-data.ts';

export function Frame({ shown, columns, local }: { shown: Shown; columns: number; local: boolean }) {
  const fresh: Fresh<Shown> = { data: shown, problem: null, atMs: Date.now(), again: () => {} };
  return (
    <Box flexDirection="column" width={columns}>
      <Header fresh={fresh} tab="Accounts" columns={columns} local={local} />
      <AccountsTab
        {...{ fresh, columns, accounts: shown.accounts, calls: shown.calls, selected: 0 }}
        nowMs={shown.status.nowMs}
        rows={shown.accounts.length + 3 + 14}
        filtered={false}
      />
    </Box>
  );
}
