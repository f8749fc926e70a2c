'use client';
/** The master key: since when, how guessable, and changing it. The new key goes on paper before the old one ends. */
import { CircleAlert } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type RefObject, useCallback, useRef, useState } from 'react';
import type { KeyStrength } from '../../../../lib/base/key-strength.ts';
import { PASSPHRASE_BYTES, passphraseText, passphraseWords } from '../../../../lib/base/passphrase.ts';
import type { VaultView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardFoot, CardHead, CardRow } from '../../../_components/card.tsx';
import { Field, SecretInput } from '../../../_components/field.tsx';
import { GeneratedKey } from '../../../_components/generated-key.tsx';
import { useJudgedKey } from '../../../_components/judged-key.ts';
import { type OwnKey, OwnKeyFields, ownKeyReady } from '../../../_components/own-key-fields.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { RecoveryCard } from '../../../_components/recovery-sheet.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { Pill, type Tone } from '../../../_components/state-pill.tsx';
import { dayMonthYear } from '../../../_components/times.tsx';
import { api, forgetOriginKey } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';

const WORDS: Record<KeyStrength, readonly [Tone, string]> = {
  short: ['bad', 'Too short'],
  guessable: ['bad', 'Guessable'],
  fair: ['warn', 'Fair'],
  strong: ['ok', 'Strong'],
};

export function MasterKey({ vault }: { vault: VaultView }) {
  const [changing, setChanging] = useState(false);
  const { keyStrength } = vault;
  const [tone, word] = keyStrength ? WORDS[keyStrength] : (['idle', 'Strength not known'] as const);
  return (
    <section aria-label="Master key" className="card">
      <CardHead title="Master key" note={`Set ${dayMonthYear(vault.keySetAtMs)}`}>
        <Pill tone={tone}>{word}</Pill>
      </CardHead>
      {keyStrength === 'guessable' && <Guessable />}
      {changing ? (
        <ChangeKey onClose={() => setChanging(false)} />
      ) : (
        <CardRow
          title="Change the master key"
          note="Account keys stay sealed as they are. Everybody is signed out, and the old recovery sheet is void."
        >
          <Button onClick={() => setChanging(true)}>Change</Button>
        </CardRow>
      )}
    </section>
  );
}

function Guessable() {
  return (
    <p className="flex gap-2.5 border-b bg-bad-soft px-4 py-2.5 text-12 text-bad-text">
      <CircleAlert size={14} className="mt-px shrink-0" aria-hidden="true" />
      <span>
        <b className="font-semibold">This key can be guessed.</b> Whoever gets a copy of the data folder will
        try keys like it first.
      </span>
    </p>
  );
}

const newWords = () => passphraseWords(crypto.getRandomValues(new Uint8Array(PASSPHRASE_BYTES)));
const judge = (masterKey: string) => api.vault.judge.mutate({ masterKey });

/** What is typed here stays in this part of the page and ends with it: a key is no draft. */
function useChange(current: RefObject<HTMLInputElement | null>) {
  const router = useRouter();
  const [kind, setKind] = useState<'generate' | 'own'>('generate');
  const [words, setWords] = useState(newWords);
  const [own, setOwn] = useState<OwnKey>({ key: '', again: '', anyway: false });
  const { strength, problem } = useJudgedKey(own.key, judge);
  const rekey = useAct(api.vault.rekey.mutate);
  const generated = kind === 'generate';
  const change = async () => {
    const masterKey = current.current?.value ?? '';
    if (masterKey === '') return current.current?.focus();
    const newMasterKey = generated ? passphraseText(words) : own.key;
    if ((await rekey.run({ masterKey, newMasterKey, acceptGuessable: own.anyway })) === null) return;
    forgetOriginKey();
    router.replace('/admin/unlock?to=/admin/settings?section=vault');
  };
  return {
    kind,
    setKind,
    words: generated ? words : null,
    another: useCallback(() => setWords(newWords()), []),
    own,
    setOwn: (patch: Partial<OwnKey>) => setOwn((before) => ({ ...before, ...patch })),
    strength,
    ready: (generated || ownKeyReady(own, strength)) && !rekey.busy,
    busy: rekey.busy,
    problem: rekey.problem ?? problem,
    change: () => void change(),
  };
}

function ChangeKey({ onClose }: { onClose: () => void }) {
  const current = useRef<HTMLInputElement>(null);
  const [written, setWritten] = useState(false);
  const key = useChange(current);
  const wrong = key.problem?.code === 'wrong_master_key' ? 'That is not the master key.' : null;
  return (
    <>
      <div className="p-4">
        <Field label="Current master key" className="max-w-90 pb-4" wrong={wrong}>
          {(parts) => (
            <SecretInput
              {...parts}
              ref={current}
              what="current key"
              autoComplete="current-password"
              autoFocus
            />
          )}
        </Field>
        <Segmented
          wide
          label="Where the new master key comes from"
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
          <OwnKeyFields
            value={key.own}
            strength={key.strength}
            label="New master key"
            onChange={key.setOwn}
          />
        )}
      </div>
      <RecoveryCard words={key.words} />
      <label className="flex min-h-11 items-center gap-2.5 border-t px-4">
        <input
          type="checkbox"
          className="tick"
          checked={written}
          onChange={(event) => setWritten(event.target.checked)}
        />
        I have printed it or written the new key down
      </label>
      <CardFoot>
        <div className="min-w-0 flex-1 text-pretty max-sm:basis-full">
          {key.problem && wrong === null ? (
            <ProblemLine problem={key.problem} />
          ) : (
            'Every session ends, this one too. Running calls go on. Destroy the old recovery sheet.'
          )}
        </div>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button look="primary" disabled={!written || !key.ready} onClick={key.change}>
          {key.busy ? 'Changing, a few seconds' : 'Change key'}
        </Button>
      </CardFoot>
    </>
  );
}
