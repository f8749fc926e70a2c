'use client';
/** Its keys, which are never shown again, and the two ways to be without it. */
import type { AccountView } from '../../../../../lib/wire/account-views.ts';
import type { AccountDeeds } from '../../../../_components/account-deeds.tsx';
import { Button } from '../../../../_components/button.tsx';
import { CardHead, CardRow } from '../../../../_components/card.tsx';
import { Ago } from '../../../../_components/times.tsx';
import { useProviders } from '../../../../_data/resources.ts';

interface PartProps {
  readonly account: AccountView;
  readonly deeds: AccountDeeds;
}

export function Keys({ account, deeds }: PartProps) {
  const told = useProviders().data?.accounts.find(({ id }) => id === account.id);
  return (
    <section aria-label="Keys" className="card min-w-0">
      <CardHead title="Keys" note="sealed with the master key, never shown again" />
      <CardRow
        title={
          <>
            Account key{' '}
            <span className="font-mono text-11 text-fg-2">
              {account.keyLastFour === null ? 'not shown' : `…${account.keyLastFour}`}
            </span>
          </>
        }
        note={
          <>
            {account.keyFingerprint !== null && (
              <>
                Fingerprint <span className="font-mono text-11">{account.keyFingerprint}</span> ·{' '}
              </>
            )}
            {account.lastUsedAtMs === null ? (
              'not used yet'
            ) : (
              <>
                used <Ago atMs={account.lastUsedAtMs} />
              </>
            )}
            . Replacing it keeps name, limits and history.
          </>
        }
      >
        <Button onClick={() => deeds.open('edit', account)}>Replace key</Button>
      </CardRow>
      <CardRow
        title="Admin key"
        note={
          told === undefined
            ? ''
            : told.hasAdminKey
              ? 'Reads the provider’s own usage, costs and limits. It never serves calls.'
              : 'None. With one, the provider’s own usage, costs and limits stand beside ours.'
        }
      >
        <Button onClick={() => deeds.open('provider', account)}>
          {told?.hasAdminKey ? 'Show or replace' : 'Give it one'}
        </Button>
      </CardRow>
    </section>
  );
}

export function DangerZone({ account, deeds }: PartProps) {
  return (
    <section aria-label="Without it" className="card min-w-0">
      <CardHead title="Without it" />
      <CardRow
        title={account.enabled ? 'Disable' : 'Enable'}
        note={
          account.enabled
            ? 'New calls go to the other accounts at once; those under way finish. Enable it again at any time.'
            : 'New calls may go here again at once.'
        }
      >
        <Button
          disabled={deeds.busy}
          onClick={() => deeds.turn(account, account.enabled ? 'disable' : 'enable')}
        >
          {account.enabled ? 'Disable account' : 'Enable account'}
        </Button>
      </CardRow>
      <CardRow title="Remove" note="Erases its keys. Past usage stays, under its name. There is no way back.">
        <Button look="danger" onClick={() => deeds.remove(account)}>
          Remove account
        </Button>
      </CardRow>
    </section>
  );
}
