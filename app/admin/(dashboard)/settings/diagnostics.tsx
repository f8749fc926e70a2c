'use client';
/** Figures for somebody who helps: shown whole, then saved on this computer. Nothing is sent anywhere. */
import { useState } from 'react';
import { Button } from '../../../_components/button.tsx';
import { CardFoot, CardHead, CardRow } from '../../../_components/card.tsx';
import { CopyButton } from '../../../_components/copy-button.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';

export function Diagnostics() {
  const make = useAct(() => api.doctor.bundle.query());
  const [text, setText] = useState<string | null>(null);
  const show = async (): Promise<void> => {
    const bundle = await make.run(undefined);
    if (bundle !== null) setText(`${JSON.stringify(bundle, null, 2)}\n`);
  };
  return (
    <section aria-label="Diagnostics" className="card">
      <CardHead title="Diagnostics" />
      <CardRow
        title="A bundle for somebody who helps"
        note="Versions, settings, states and counts. Accounts, client keys and addresses are numbered, not named; no key and no message is in it. You see all of it before you save it."
      >
        <Button disabled={make.busy} onClick={() => void show()}>
          {text === null ? 'Show it' : 'Make it again'}
        </Button>
      </CardRow>
      <div className="px-4 pb-3 empty:hidden">{make.problem && <ProblemLine problem={make.problem} />}</div>
      {text !== null && (
        <>
          <section
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard too
            tabIndex={0}
            aria-label="The bundle"
            className="max-h-100 overflow-auto border-t bg-raised px-4 py-3"
          >
            <pre className="font-mono text-11 text-fg-2">{text}</pre>
          </section>
          <CardFoot>
            <span>This is all that is in the file.</span>
            <span className="flex gap-2">
              <CopyButton text={text} />
              <Button size="small" onClick={() => save(text)}>
                Save
              </Button>
            </span>
          </CardFoot>
        </>
      )}
    </section>
  );
}

function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'codex-account-manager-diagnostics.json';
  link.click();
  URL.revokeObjectURL(address);
}
