'use client';
/** The data key, which seals the account keys under the master key, and replacing it while calls go on. */
import { useState } from 'react';
import type { VaultView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardRow } from '../../../_components/card.tsx';
import { dayMonthYear } from '../../../_components/times.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useReload } from '../../../_data/reload.ts';
import { ConfirmKey } from './confirm-key.tsx';

export function Rotate({ vault }: { vault: VaultView }) {
  const [asking, setAsking] = useState(false);
  const reload = useReload();
  const rotate = useAct((masterKey: string) => api.vault.rotate.mutate({ masterKey }));
  const { accounts, clientKeys } = vault.guards;
  const guards = `${counted(accounts, 'account key')} and ${counted(clientKeys, 'client key')}`;
  return (
    <CardRow
      title={`Data key ${vault.dekNumber}`}
      note={
        vault.rotating
          ? 'A rotation was cut off. It goes on at the next unlock, or when you rotate again; nothing is lost.'
          : `Guards ${guards} since ${dayMonthYear(vault.dekMadeAtMs)}. A new one takes them over while calls go on.`
      }
    >
      <Button
        onClick={() => {
          rotate.clear();
          setAsking(true);
        }}
      >
        Rotate
      </Button>
      {asking && (
        <ConfirmKey
          title="Make a new data key"
          note={`It takes over ${guards}. The master key stays the same, calls go on.`}
          label={rotate.busy ? 'Rotating' : 'Rotate'}
          act={rotate}
          onClose={() => setAsking(false)}
          onDone={() => {
            reload('vault.get');
            setAsking(false);
          }}
        />
      )}
    </CardRow>
  );
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
