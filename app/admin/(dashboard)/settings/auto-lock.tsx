'use client';
/** When the vault locks itself. Not the sign-in, which ends earlier: this one stops clients too. */
import { useId } from 'react';
import type { VaultView } from '../../../../lib/wire/views.ts';
import { CardRow } from '../../../_components/card.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useReload } from '../../../_data/reload.ts';

const CHOICES = [0, 15, 30, 60, 240, 720];

export function AutoLock({ vault }: { vault: VaultView }) {
  const id = useId();
  const reload = useReload();
  const set = useAct(api.vault.set.mutate);
  const { autoLockMinutes } = vault;
  const choices = CHOICES.includes(autoLockMinutes) ? CHOICES : [...CHOICES, autoLockMinutes];
  const choose = async (minutes: number) => {
    if ((await set.run({ autoLockMinutes: minutes })) !== null) reload('vault.get');
  };
  return (
    <CardRow
      title={<label htmlFor={id}>Lock when nobody uses it</label>}
      note={
        <>
          After so long without a call and without an operator, clients get a 503 until it is unlocked.
          <ProblemLine problem={set.problem} />
        </>
      }
    >
      <select
        id={id}
        className="inp w-36 shrink-0"
        value={autoLockMinutes}
        disabled={set.busy || vault.fixed.includes('autoLockMinutes')}
        onChange={(event) => void choose(Number(event.target.value))}
      >
        {choices.map((minutes) => (
          <option key={minutes} value={minutes}>
            {inWords(minutes)}
          </option>
        ))}
      </select>
    </CardRow>
  );
}

function inWords(minutes: number): string {
  if (minutes === 0) return 'Never';
  if (minutes % 60 !== 0) return `${minutes} minutes`;
  return minutes === 60 ? '1 hour' : `${minutes / 60} hours`;
}
