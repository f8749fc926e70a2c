'use client';
/**
 * The search of the calls, completed while it is written. What cannot be understood is said below and asks nothing. The
 * list follows a moment after the last key, or at once with Enter.
 */
import { Search } from 'lucide-react';
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { complete } from '../../../../lib/requests/complete.ts';
import { parseSearch, SEARCH_MAX } from '../../../../lib/requests/search.ts';
import { setParams, useParam } from '../../../_data/params.ts';
import { useAccounts, useClientKeys, useModels } from '../../../_data/resources.ts';

const FOLLOWS_MS = 300;

function useVocabulary() {
  const accounts = useAccounts().data;
  const clients = useClientKeys().data;
  const models = useModels().data;
  return useMemo(
    () => ({
      accounts: (accounts ?? []).map(({ name }) => name),
      clients: (clients ?? []).map(({ name }) => name),
      models: (models ?? []).map(({ id }) => id),
    }),
    [accounts, clients, models],
  );
}

/** What is written, which the address follows a moment later; where it changed otherwise, it leads. */
function useWritten() {
  const [param] = useParam('q');
  const [text, setText] = useState(param ?? '');
  /** What we asked and the address does not say yet: until it does, what it says is old. */
  const asked = useRef<(string | null)[]>([]);
  const shown = useRef(param);
  useEffect(() => {
    const at = asked.current.lastIndexOf(param);
    asked.current = at < 0 ? [] : asked.current.slice(at + 1);
    if (at < 0 && param !== shown.current) setText(param ?? '');
    shown.current = param;
  }, [param]);
  const ask = useCallback((next: string) => {
    const value = next.trim() === '' ? null : next.trim();
    const newest = asked.current.length > 0 ? asked.current.at(-1) : shown.current;
    if (value === newest) return;
    asked.current.push(value);
    setParams({ q: value });
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => ask(text), FOLLOWS_MS);
    return () => clearTimeout(timer);
  }, [text, ask]);
  return { text, setText, ask };
}

export function SearchField() {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const known = useVocabulary();
  const { text, setText, ask } = useWritten();
  const [wanted] = useParam('find');
  useEffect(() => {
    if (wanted === null) return;
    field.current?.focus();
    setParams({ find: null });
  }, [wanted]);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const { from, to, options } = complete(text, Math.min(caret, text.length), known);
  const { faults } = parseSearch(text);
  const placed = useRef<number | null>(null);
  // Before the next key can come: the caret of what was completed stands behind it.
  useLayoutEffect(() => {
    if (placed.current === null) return;
    field.current?.setSelectionRange(placed.current, placed.current);
    placed.current = null;
  });
  const shown = open && options.length > 0;
  const pick = (at: number) => {
    const option = options[at];
    if (option === undefined) return;
    // A value is done and the next word may follow; behind a key its value does.
    const done = option.text.endsWith(':') ? option.text : `${option.text} `;
    const next = `${text.slice(0, from)}${done}${text.slice(to).trimStart()}`;
    setText(next);
    setChosen(-1);
    placed.current = from + done.length;
    setCaret(placed.current);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      setOpen(true);
      setChosen((chosen + step + options.length + (chosen < 0 && step < 0 ? 1 : 0)) % options.length);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && shown && chosen >= 0) {
      event.preventDefault();
      pick(chosen);
    } else if (event.key === 'Enter') {
      setOpen(false);
      ask(text);
    } else if (event.key === 'Escape' && shown) {
      event.preventDefault();
      setOpen(false);
      setChosen(-1);
    }
  };
  return (
    <search className="relative min-w-0 flex-1 basis-72">
      <Search size={14} aria-hidden="true" className="absolute top-0 left-2.5 h-8 text-fg-3 max-sm:h-11" />
      <input
        ref={field}
        data-search
        role="combobox"
        aria-label="Search the calls"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && chosen >= 0 ? `${id}-${chosen}` : undefined}
        aria-invalid={faults.length > 0 ? true : undefined}
        aria-describedby={faults.length > 0 ? `${id}-faults` : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={SEARCH_MAX}
        placeholder="status:429  model:gpt-5  cost:>0.05"
        className="inp pl-8 text-12"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
          setOpen(true);
          setChosen(-1);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={(event) => {
          setCaret(event.currentTarget.selectionStart ?? text.length);
          setOpen(true);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="How it may go on"
        tabIndex={-1}
        className={`absolute inset-x-0 top-full z-20 mt-1 max-h-80 overflow-y-auto rounded-card border bg-surface p-1 shadow-pop ${shown ? '' : 'hidden'}`}
      >
        {options.map((option, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the field, which keeps the focus
          <div
            key={option.text}
            id={`${id}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === chosen}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(at)}
            className="flex h-8 cursor-pointer items-center justify-between gap-4 rounded-inner px-2 text-12 hover:bg-hover aria-selected:bg-hover max-sm:h-11"
          >
            <bdi className="truncate">{option.text}</bdi>
            <span className="truncate text-11 text-fg-3">{option.note}</span>
          </div>
        ))}
      </div>
      <p id={`${id}-faults`} role="status" className="text-11 text-bad-text empty:hidden">
        {faults.join(' ')}
      </p>
    </search>
  );
}
