'use client';
/** A choice of a few, as radio buttons in one frame. */
import { useId } from 'react';

export interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  /** `keys`: pressed alone, it chooses this one. */
  readonly options: readonly { readonly value: T; readonly label: string; readonly keys?: string }[];
  readonly onChange: (value: T) => void;
  /** Spread over the whole width, each option as wide as the others. */
  readonly wide?: boolean;
}

export function Segmented<T extends string>({ label, value, options, onChange, wide }: SegmentedProps<T>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={`h-8 rounded-control border bg-raised p-px ${wide ? 'flex w-full' : 'inline-flex'}`}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={`hit flex cursor-pointer items-center justify-center rounded-inner border border-transparent px-2.5 text-12 whitespace-nowrap text-fg-2 transition-colors hover:text-fg has-checked:border-line has-checked:bg-surface has-checked:font-medium has-checked:text-fg has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-acc ${wide ? 'flex-1' : ''}`}
        >
          <input
            type="radio"
            name={name}
            className="absolute size-px appearance-none opacity-0"
            aria-keyshortcuts={option.keys}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
