'use client';
/** Fields: a label above, what it means below, and what is wrong with it in the same place. */
import { Eye, EyeOff } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, type Ref, useId, useState } from 'react';

export interface FieldParts {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: boolean;
}

export function Field(props: {
  label: ReactNode;
  optional?: boolean;
  hint?: ReactNode;
  wrong?: string | null;
  className?: string;
  children: (parts: FieldParts) => ReactNode;
}) {
  const id = useId();
  const wrong = props.wrong ?? null;
  const noteId = `${id}-note`;
  const hasNote = wrong !== null || props.hint !== undefined;
  return (
    <div className={`min-w-0 ${props.className ?? ''}`}>
      <label htmlFor={id} className="mb-1.5 block text-12 font-medium">
        {props.label}
        {props.optional && <span className="pl-1.5 font-normal text-fg-3">optional</span>}
      </label>
      {props.children({
        id,
        ...(hasNote ? { 'aria-describedby': noteId } : {}),
        ...(wrong !== null ? { 'aria-invalid': true } : {}),
      })}
      {hasNote && (
        <p
          id={noteId}
          className={`pt-1.5 text-11 text-pretty ${wrong !== null ? 'text-bad-text' : 'text-fg-3'}`}
        >
          {wrong ?? props.hint}
        </p>
      )}
    </div>
  );
}

type InputProps = InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };

/** A secret: dots until asked, never spelled, corrected or remembered by the page. */
export function SecretInput({
  className = '',
  what,
  onShown,
  ...rest
}: InputProps & { what: string; onShown?: (shown: boolean) => void }) {
  const [shown, setShown] = useState(false);
  const turn = () => {
    setShown(!shown);
    onShown?.(!shown);
  };
  return (
    <div className="relative">
      <input
        type={shown ? 'text' : 'password'}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        className={`inp pr-10 ${className}`}
        {...rest}
      />
      <button
        type="button"
        aria-pressed={shown}
        aria-label={`Show the ${what}`}
        title={shown ? `Hide the ${what}` : `Show the ${what}`}
        onClick={turn}
        className="hit absolute inset-y-0 right-1.5 my-auto grid size-7 place-items-center rounded-inner text-fg-3 hover:text-fg"
      >
        {shown ? <EyeOff size={16} strokeWidth={1.75} /> : <Eye size={16} strokeWidth={1.75} />}
      </button>
    </div>
  );
}

/** Whole dollars and cents; the sign stands inside the field. */
export function MoneyInput({ className = '', ...rest }: InputProps) {
  return (
    <div className="relative">
      <span
        aria-hidden="true"
        className="absolute inset-y-0 left-2.5 grid place-items-center text-12 text-fg-3"
      >
        $
      </span>
      <input inputMode="decimal" placeholder="none" className={`inp pl-6 ${className}`} {...rest} />
    </div>
  );
}
