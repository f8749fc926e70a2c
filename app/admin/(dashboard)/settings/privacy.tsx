'use client';
/** What is kept on this disk, for how long, and what leaves this machine. */
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { formatCountOf } from '../../../../lib/format.ts';
import { Button } from '../../../_components/button.tsx';
import { CardHead, CardRow } from '../../../_components/card.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { type SettingsCard, SettingsForm } from './settings-form.tsx';

const CARDS: readonly SettingsCard[] = [
  { title: 'What is kept', settings: ['retention.days'], more: <Totals /> },
  {
    title: 'What calls say',
    settings: ['capture.enabled', 'capture.hours', 'capture.body_bytes_max'],
    more: <Forget />,
  },
  {
    title: 'What is asked of organisations',
    note: 'Only where an admin key was given',
    settings: ['introspection.every_minutes'],
  },
];

export function Privacy() {
  return (
    <SettingsForm id="privacy" cards={CARDS}>
      <section aria-label="What leaves this machine" className="card">
        <CardHead title="What leaves this machine" />
        <CardRow
          title="Calls to your providers"
          note="Each key goes only to the address of its own account. Redirects are refused."
        >
          <Fact>Checked on every call</Fact>
        </CardRow>
        <CardRow
          title="Alerts"
          note="To the webhooks that you add, and nowhere else: names and figures, never a key or what a call says."
        />
        <CardRow
          title="Anything else"
          note="No telemetry, no update check, no fonts or scripts from elsewhere."
        >
          <Fact>Nothing</Fact>
        </CardRow>
      </section>
    </SettingsForm>
  );
}

function Fact({ children }: { children: string }) {
  return (
    <span className="flex items-center gap-2 text-12 text-fg-2">
      <Lock size={13} aria-hidden="true" />
      {children}
    </span>
  );
}

function Totals() {
  return (
    <CardRow
      title="Hourly totals"
      note="Keep the charts and the sums whole after single calls are gone. No prompt, no answer."
    >
      <Fact>Always kept</Fact>
    </CardRow>
  );
}

function Forget() {
  const forget = useAct(() => api.requests.forgetBodies.mutate());
  const [done, setDone] = useState<number | null>(null);
  return (
    <CardRow
      title="Forget what was kept"
      note={
        <>
          Deletes all prompts and answers now; the calls and their figures stay. It cannot be taken back.
          {done !== null && (
            <span role="status" className="block text-fg-2">
              {done === 0 ? 'There was nothing to forget.' : `Forgot ${formatCountOf(done, 'call')}.`}
            </span>
          )}
          <ProblemLine problem={forget.problem} />
        </>
      }
    >
      <Button
        look="danger"
        disabled={forget.busy}
        onClick={() => void forget.run(undefined).then((out) => out !== null && setDone(out.calls))}
      >
        Forget them
      </Button>
    </CardRow>
  );
}
