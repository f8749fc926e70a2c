'use client';
/** A master key of one's own: typed twice; a weak one is accepted, but only by a second tick. */
import { type StrengthView, tooShort } from '../../lib/base/key-strength.ts';
import { Field, SecretInput } from './field.tsx';
import { Judged } from './strength-line.tsx';

export interface OwnKey {
  readonly key: string;
  readonly again: string;
  readonly anyway: boolean;
}

/** @param judged what the server said of this very key; null while it has not */
export function ownKeyReady(own: OwnKey, judged: StrengthView | null): boolean {
  if (judged === null || judged.strength === 'short' || own.key !== own.again) return false;
  return judged.strength !== 'guessable' || own.anyway;
}

export function OwnKeyFields(props: {
  value: OwnKey;
  /** Null while the server judges. */
  strength: StrengthView | null;
  label?: string;
  onChange: (patch: Partial<OwnKey>) => void;
}) {
  const { value, strength, onChange } = props;
  const differs = value.again !== '' && value.again !== value.key;
  return (
    <div className="pt-4">
      <Field label={props.label ?? 'Master key'}>
        {(parts) => (
          <SecretInput
            {...parts}
            what="master key"
            autoComplete="new-password"
            value={value.key}
            onChange={(event) => onChange({ key: event.target.value, anyway: false })}
          />
        )}
      </Field>
      {value.key !== '' && <Judged strength={strength ?? tooShort(value.key)} />}
      <Field
        label="Type it again"
        className="pt-4"
        wrong={differs && value.again.length >= value.key.length ? 'The two are not the same.' : null}
      >
        {(parts) => (
          <SecretInput
            {...parts}
            what="repeated key"
            autoComplete="new-password"
            value={value.again}
            onChange={(event) => onChange({ again: event.target.value })}
          />
        )}
      </Field>
      {strength?.strength === 'guessable' && (
        <label className="flex gap-2.5 pt-4">
          <input
            type="checkbox"
            className="tick mt-0.5"
            checked={value.anyway}
            onChange={(event) => onChange({ anyway: event.target.checked })}
          />
          <span>
            Use this key anyway
            <span className="block text-12 text-fg-3">
              Whoever gets a copy of the data folder will try keys like this one first.
            </span>
          </span>
        </label>
      )}
    </div>
  );
}
