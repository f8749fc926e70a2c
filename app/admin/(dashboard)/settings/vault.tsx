'use client';
/** The vault's keys: the master key and how hard it is, the data key under it, and when the vault locks itself. */
import type { VaultView } from '../../../../lib/wire/views.ts';
import { CardHead, CardRow } from '../../../_components/card.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone, Loading } from '../../../_components/skeleton.tsx';
import { useVault } from '../../../_data/resources.ts';
import { Keychain } from './keychain.tsx';
import { MasterKey } from './master-key.tsx';
import { Rotate } from './rotate.tsx';
import { type SettingsCard, SettingsForm } from './settings-form.tsx';

export function Vault() {
  const { data, problem, retry } = useVault();
  if (problem && !data) {
    return (
      <div className="card">
        <ProblemNote title="The vault’s state could not be read" problem={problem} retry={retry} />
      </div>
    );
  }
  if (!data) {
    return (
      <>
        <Loading label="Loading the vault’s state" />
        <Bone className="card h-28" />
        <Bone className="card h-62" />
      </>
    );
  }
  return (
    <>
      <MasterKey vault={data} />
      <section aria-label="The vault" className="card">
        <CardHead title="The vault" />
        <Rotate vault={data} />
        <Hardness vault={data} />
        <Keychain vault={data} />
      </section>
      <SettingsForm id="vault" cards={CARDS} />
    </>
  );
}

const CARDS: readonly SettingsCard[] = [
  {
    title: 'Locking and signing out',
    settings: ['vault.auto_lock_minutes', 'session.idle_minutes', 'session.absolute_hours'],
  },
];

function Hardness({ vault }: { vault: VaultView }) {
  const { memoryMib, passes } = vault.hardness;
  return (
    <CardRow
      title="Hardness"
      note={`Argon2id, ${memoryMib} MiB, ${passes} ${passes === 1 ? 'pass' : 'passes'}: what one guess of the master key costs.`}
    >
      <span className="text-12 text-fg-2">Raised by itself</span>
    </CardRow>
  );
}
