'use client';
/** The keychain of the computer that the server runs on, as a way to unlock at the start. */
import { useState } from 'react';
import type { VaultView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardRow } from '../../../_components/card.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useReload } from '../../../_data/reload.ts';
import { ConfirmKey } from './confirm-key.tsx';

export function Keychain({ vault }: { vault: VaultView }) {
  const [asking, setAsking] = useState(false);
  const reload = useReload();
  const turnOn = useAct((masterKey: string) => api.vault.keychain.mutate({ on: true, masterKey }));
  const turnOff = useAct(() => api.vault.keychain.mutate({ on: false }));
  const fixed = vault.keychainDecidedBy !== null;
  const off = async () => {
    if ((await turnOff.run(undefined)) !== null) reload('vault.get');
  };
  return (
    <CardRow
      title="Unlock with this computer’s keychain"
      note={
        <>
          {vault.keychain
            ? 'The next start unlocks by itself. Programs of this user may be able to read the key.'
            : 'Off: the next start waits for the key, unless a key file gives it.'}
          {vault.keychainDecidedBy !== null && ` Set by ${vault.keychainDecidedBy}.`}
          <ProblemLine problem={turnOff.problem} />
        </>
      }
    >
      {vault.keychain ? (
        <Button disabled={turnOff.busy || fixed} onClick={() => void off()}>
          Stop using it
        </Button>
      ) : (
        <Button
          disabled={fixed}
          onClick={() => {
            turnOn.clear();
            setAsking(true);
          }}
        >
          Use it
        </Button>
      )}
      {asking && (
        <ConfirmKey
          title="Put the master key into the keychain"
          note="From the next start on the vault unlocks by itself, for whoever is signed in to this computer as you."
          label="Use the keychain"
          act={turnOn}
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
