'use client';
/** Which models something may serve or use: all, or patterns as chips, with a live count of what they match. */
import { X } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { modelAllowed } from '../../lib/accounts/models-scope.ts';
import { Segmented } from './segmented.tsx';

export interface ModelPatternsProps {
  readonly value: readonly string[];
  readonly onChange: (patterns: readonly string[]) => void;
  /** Models that are known, to count matches among. */
  readonly known: readonly string[];
}

const SPLIT = /[\s,]+/;

export function ModelPatterns({ value, onChange, known }: ModelPatternsProps) {
  const id = useId();
  const [only, setOnly] = useState(value.length > 0);
  return (
    <div>
      <div className="flex items-center justify-between gap-3 pb-1.5">
        <label htmlFor={id} className="text-12 font-medium">
          Models
        </label>
        <Segmented
          label="Which models"
          value={only ? 'only' : 'all'}
          onChange={(next) => {
            setOnly(next === 'only');
            if (next === 'all') onChange([]);
          }}
          options={[
            { value: 'all', label: 'All' },
            { value: 'only', label: 'Only these' },
          ]}
        />
      </div>
      {only && <Chips id={id} value={value} onChange={onChange} />}
      <p className="pt-1.5 text-11 text-fg-3">
        {only && value.length === 0 ? 'No pattern yet, so all of them still.' : countWords(value, known)}
      </p>
    </div>
  );
}

function Chips({ id, value, onChange }: Omit<ModelPatternsProps, 'known'> & { id: string }) {
  const [typed, setTyped] = useState('');
  const take = (text: string) => {
    const more = text.split(SPLIT).filter((part) => part !== '' && !value.includes(part));
    if (more.length > 0) onChange([...value, ...more]);
    setTyped('');
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === 'Enter' || event.key === ',') && typed.trim() !== '') {
      event.preventDefault();
      take(typed);
    }
    if (event.key === 'Backspace' && typed === '' && value.length > 0) onChange(value.slice(0, -1));
  };
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-1.5 rounded-control border border-line-2 bg-surface px-1.5 py-1 focus-within:border-acc focus-within:outline-1 focus-within:outline-acc">
      {value.map((pattern) => (
        <Chip key={pattern} onRemove={() => onChange(value.filter((each) => each !== pattern))}>
          {pattern}
        </Chip>
      ))}
      <input
        id={id}
        className="h-6 min-w-16 flex-1 bg-transparent px-1 font-mono text-12 outline-none placeholder:font-sans placeholder:text-fg-3 max-sm:h-9 max-sm:text-16"
        placeholder={value.length === 0 ? 'gpt-6*, gpt-5.5' : 'add'}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKey}
        onBlur={() => take(typed)}
      />
    </div>
  );
}

function Chip({ children, onRemove }: { children: string; onRemove: () => void }) {
  return (
    <span className="flex h-6 items-center gap-0.5 rounded-inner border bg-raised pl-2 font-mono text-11">
      {children}
      <button
        type="button"
        aria-label={`Remove ${children}`}
        className="hit grid size-6 place-items-center text-fg-3 hover:text-fg"
        onClick={onRemove}
      >
        <X size={12} />
      </button>
    </span>
  );
}

function countWords(patterns: readonly string[], known: readonly string[]): string {
  const matched = known.filter((model) => modelAllowed(patterns, model)).length;
  const count = known.length === 0 ? '' : `${matched} of ${known.length} models. `;
  if (patterns.length === 0)
    return known.length === 0
      ? 'Every model, also ones yet to come.'
      : `All ${known.length} models, and ones yet to come.`;
  return `${count}* matches anything, ! leaves out and wins.`;
}
