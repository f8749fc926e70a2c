'use client';
/** Step 1: the master key, generated first, and the paper it should be on before the vault is made. */
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { keyStrength } from '../../../lib/base/key-strength.ts';
import { PASSPHRASE_BYTES, passphraseText, passphraseWords } from '../../../lib/base/passphrase.ts';
import { Button } from '../../_components/button.tsx';
import { ProblemLine } from '../../_components/problem-note.tsx';
import { Segmented } from '../../_components/segmented.tsx';
import { hourMinute } from '../../_components/times.tsx';
import { api, keepOriginKey } from '../../_data/api.ts';
import { type Problem, readProblem } from '../../_data/problem.ts';
import { GeneratedKey } from './generated-key.tsx';
import { type OwnKey, OwnKeyFields, ownKeyReady } from './own-key-fields.tsx';
import { RecoveryCard } from './recovery-sheet.tsx';
import { StepFoot, StepHead } from './step-parts.tsx';

const newWords = () => passphraseWords(crypto.getRandomValues(new Uint8Array(PASSPHRASE_BYTES)));

export function MasterKeyStep({ token, onDone }: { token: string; onDone: (words: string) => void }) {
  const [kind, setKind] = useState<'generate' | 'own'>('generate');
  const [words, setWords] = useState(newWords);
  const [own, setOwn] = useState<OwnKey>({ key: '', again: '', anyway: false });
  const [written, setWritten] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const generated = kind === 'generate';
  const masterKey = generated ? passphraseText(words) : own.key;
  const ready = written && (generated || ownKeyReady(own));

  const create = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const signIn = await api.setup.initialise.mutate({ token, masterKey });
      keepOriginKey(signIn.originKey);
      onDone(`Vault created ${hourMinute(Date.now())}`);
    } catch (error) {
      setProblem(readProblem(error));
      setBusy(false);
    }
  };
  return (
    <>
      <StepHead title="Set the master key">
        It seals the account keys on this machine and opens this dashboard. It is never stored and cannot be
        reset: without it, sealed stays sealed.
      </StepHead>
      <section className="card">
        <div className="p-4">
          <Segmented
            wide
            label="Where the master key comes from"
            value={kind}
            onChange={setKind}
            options={[
              { value: 'generate', label: 'Generate one' },
              { value: 'own', label: 'Choose my own' },
            ]}
          />
          {generated ? (
            <GeneratedKey words={words} onAnother={() => setWords(newWords())} />
          ) : (
            <OwnKeyFields
              value={own}
              strength={keyStrength(own.key)}
              onChange={(patch) => setOwn((before) => ({ ...before, ...patch }))}
            />
          )}
        </div>
        <RecoveryCard words={generated ? words : null} />
        <label className="flex min-h-11 items-center gap-2.5 rounded-b-card border-t bg-raised/60 px-4">
          <input
            type="checkbox"
            className="tick"
            checked={written}
            onChange={(event) => setWritten(event.target.checked)}
          />
          I have printed it or written the key down
        </label>
      </section>
      <StepFoot>
        <div className="mr-auto">
          <ProblemLine problem={problem} />
        </div>
        <Button look="primary" size="large" disabled={!ready || busy} onClick={() => void create()}>
          {busy ? 'Creating, a second or two' : 'Create the vault'}
          <ArrowRight size={14} aria-hidden="true" />
        </Button>
      </StepFoot>
    </>
  );
}
