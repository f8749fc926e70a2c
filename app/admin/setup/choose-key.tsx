'use client';
/** A generated client key, or the classic value that anyone can guess: the price of the second stands beside it. */
import { useState } from 'react';
import type { ClientKeyAddedView } from '../../../lib/wire/views.ts';
import { Button } from '../../_components/button.tsx';
import { ProblemLine } from '../../_components/problem-note.tsx';
import { RadioCard } from '../../_components/radio-card.tsx';
import { api } from '../../_data/api.ts';
import { useAct } from '../../_data/ask.ts';

const CLASSIC = 'sk-codex-account-manager';

export function ChooseKey({ onMade }: { onMade: (made: ClientKeyAddedView) => void }) {
  const [classic, setClassic] = useState(false);
  const add = useAct(api.clients.add.mutate);
  const make = async () => {
    const made = await add.run(classic ? { name: 'default', value: CLASSIC } : { name: 'first-client' });
    if (made) onMade(made);
  };
  return (
    <>
      <div role="radiogroup" aria-label="Client key" className="grid gap-3 p-4">
        <RadioCard
          name="client-key"
          checked={!classic}
          onPick={() => setClassic(false)}
          title="Generate a key"
          aside="Recommended"
        >
          256 random bits, shown once. Each client can have its own, with limits, and be revoked alone.
        </RadioCard>
        <RadioCard
          name="client-key"
          checked={classic}
          onPick={() => setClassic(true)}
          title={
            <>
              Use the classic <code className="font-mono text-12">{CLASSIC}</code>
            </>
          }
        >
          Easy to remember, and anyone on this computer can guess it: any program here could then spend with
          your accounts.
        </RadioCard>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-b-card border-t bg-raised/60 px-4 py-3">
        <ProblemLine problem={add.problem} />
        <Button look="primary" className="ml-auto" disabled={add.busy} onClick={() => void make()}>
          {classic ? 'Use the classic key' : 'Generate the key'}
        </Button>
      </div>
    </>
  );
}
