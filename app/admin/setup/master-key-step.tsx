'use client';
/** Step 1: the master key, generated first, and the paper it should be on before the vault is made. */
import { ArrowRight } from 'lucide-react';
import { useCallback, useState } from 'react';
import { PASSPHRASE_BYTES, passphraseText, passphraseWords } from '../../../lib/base/passphrase.ts';
import { Button } from '../../_components/button.tsx';
import { GeneratedKey } from '../../_components/generated-key.tsx';
import { useJudgedKey } from '../../_components/judged-key.ts';
import { type OwnKey, OwnKeyFields, ownKeyReady } from '../../_components/own-key-fields.tsx';
import { ProblemLine } from '../../_components/problem-note.tsx';
import { RecoveryCard } from '../../_components/recovery-sheet.tsx';
import { Segmented } from '../../_components/segmented.tsx';
import { hourMinute } from '../../_components/times.tsx';
import { api, keepOriginKey } from '../../_data/api.ts';
import { type Problem, readProblem } from '../../_data/problem.ts';
import { StepFoot, StepHead } from './step-parts.tsx';

const newWords = () => passphraseWords(crypto.getRandomValues(new Uint8Array(PASSPHRASE_BYTES)));

function useMasterKey(token: string, onDone: (words: string) => void) {
  const [kind, setKind] = useState<'generate' | 'own'>('generate');
  const [words, setWords] = useState(newWords);
  const [own, setOwn] = useState<OwnKey>({ key: '', again: '', anyway: false });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const generated = kind === 'generate';
  const judge = useCallback((masterKey: string) => api.setup.judge.mutate({ token, masterKey }), [token]);
  const judged = useJudgedKey(own.key, judge);
  const create = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const masterKey = generated ? passphraseText(words) : own.key;
      const signIn = await api.setup.initialise.mutate({ token, masterKey, acceptGuessable: own.anyway });
      keepOriginKey(signIn.originKey);
      onDone(`Vault created ${hourMinute(Date.now())}`);
    } catch (error) {
      setProblem(readProblem(error));
      setBusy(false);
    }
  };
  return {
    kind,
    setKind,
    words: generated ? words : null,
    another: () => setWords(newWords()),
    own,
    setOwn: (patch: Partial<OwnKey>) => setOwn((before) => ({ ...before, ...patch })),
    create: () => void create(),
    strength: judged.strength,
    ready: (generated || ownKeyReady(own, judged.strength)) && !busy,
    busy,
    problem: problem ?? judged.problem,
  };
}

export function MasterKeyStep({ token, onDone }: { token: string; onDone: (words: string) => void }) {
  const key = useMasterKey(token, onDone);
  const [written, setWritten] = useState(false);
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
            value={key.kind}
            onChange={key.setKind}
            options={[
              { value: 'generate', label: 'Generate one' },
              { value: 'own', label: 'Choose my own' },
            ]}
          />
          {key.words ? (
            <GeneratedKey words={key.words} onAnother={key.another} />
          ) : (
            <OwnKeyFields value={key.own} strength={key.strength} onChange={key.setOwn} />
          )}
        </div>
        <RecoveryCard words={key.words} />
        <Written checked={written} onChange={setWritten} />
      </section>
      <StepFoot>
        <div className="mr-auto">
          <ProblemLine problem={key.problem} />
        </div>
        <Button look="primary" size="large" disabled={!written || !key.ready} onClick={key.create}>
          {key.busy ? 'Creating, a second or two' : 'Create the vault'}
          <ArrowRight size={14} aria-hidden="true" />
        </Button>
      </StepFoot>
    </>
  );
}

function Written({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="flex min-h-11 items-center gap-2.5 rounded-b-card border-t bg-raised/60 px-4">
      <input
        type="checkbox"
        className="tick"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      I have printed it or written the key down
    </label>
  );
}
