'use client';
/** One field that leads everywhere: pages, accounts with how they are, deeds with what follows from them, a call by its id. */
import { Dialog } from '@base-ui/react/dialog';
import { CornerDownLeft, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { api } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';
import { useReload } from '../_data/reload.ts';
import { Kbd } from './kbd.tsx';
import { type Entry, type Turn, useEntries } from './palette-entries.tsx';
import { ProblemLine } from './problem-note.tsx';

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed inset-x-0 top-[13vh] z-50 mx-auto flex max-h-[74dvh] w-[calc(100vw-32px)] max-w-150 flex-col rounded-card border bg-surface shadow-pop outline-none">
          <Dialog.Title className="sr-only">Search or jump to</Dialog.Title>
          <Finder onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const reload = useReload();
  const turning = useAct(({ ref, what }: Turn) => api.accounts[what].mutate({ ref }));
  // It stays open until the deed is done: one that fails says so here.
  const turn = async (wish: Turn) => {
    if ((await turning.run(wish)) === null) return;
    reload('accounts.list');
    onClose();
  };
  const entries = useEntries(typed.trim(), (wish) => void turn(wish));
  const chosen = entries[Math.min(at, entries.length - 1)];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const pick = (entry: Entry, newTab: boolean) => {
    if (entry.stays !== true) onClose();
    if (entry.href === undefined) entry.act?.();
    else if (newTab) window.open(entry.href, '_blank', 'noopener');
    else router.push(entry.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, entries.length - 1) + step + entries.length) % entries.length);
    } else if (event.key === 'Enter' && chosen && !event.nativeEvent.isComposing) {
      event.preventDefault();
      pick(chosen, event.metaKey || event.ctrlKey);
    }
  };
  const groups = [...Map.groupBy(entries, ({ group }) => group)];
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-3 border-b px-4">
        <Search size={16} strokeWidth={1.75} className="text-fg-3" aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the field is what was asked for
          autoFocus
          role="combobox"
          aria-label="Search or jump to"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen && `${id}-${chosen.id}`}
          autoComplete="off"
          spellCheck={false}
          placeholder="A page, an account, a deed, or the id of a request"
          className="min-w-0 flex-1 bg-transparent text-14 outline-none placeholder:text-fg-3 max-sm:text-16"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd>esc</Kbd>
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="Results"
        tabIndex={-1}
        className="min-h-0 flex-1 overflow-y-auto p-2"
      >
        {groups.map(([group, some]) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
          <div key={group} role="group" aria-label={group}>
            <p className="px-2 pt-2 pb-1 text-11 text-fg-3" aria-hidden="true">
              {group}
            </p>
            {some.map((entry) => (
              <Option
                key={entry.id}
                id={`${id}-${entry.id}`}
                entry={entry}
                chosen={entry === chosen}
                typed={typed.trim()}
                onHover={() => setAt(entries.indexOf(entry))}
                onPick={(newTab) => pick(entry, newTab)}
              />
            ))}
          </div>
        ))}
      </div>
      <footer className="flex min-h-10 shrink-0 items-center gap-4 rounded-b-card border-t bg-raised/60 px-4 text-11 text-fg-3">
        <span className="flex items-center gap-1.5">
          <Kbd>↑</Kbd>
          <Kbd>↓</Kbd>
          move
        </span>
        <span className="flex items-center gap-1.5">
          <Kbd>↵</Kbd>
          open
        </span>
        <ProblemLine problem={turning.problem} />
        <span className="ml-auto shrink-0" role="status">
          {entries.length === 0
            ? 'Nothing by that name'
            : `${entries.length} ${entries.length === 1 ? 'result' : 'results'}`}
        </span>
      </footer>
    </>
  );
}

function Option(props: {
  id: string;
  entry: Entry;
  chosen: boolean;
  typed: string;
  onHover: () => void;
  onPick: (newTab: boolean) => void;
}) {
  const { entry, chosen } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the field, which keeps the focus
    <div
      id={props.id}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      onPointerMove={props.onHover}
      onClick={(event) => props.onPick(event.metaKey || event.ctrlKey)}
      className={`flex min-h-10 cursor-pointer items-center gap-3 rounded-control px-2 text-13 max-sm:min-h-11 ${chosen ? 'bg-hover' : ''}`}
    >
      <span className="grid size-5 shrink-0 place-items-center text-fg-3">{entry.mark}</span>
      <bdi className="min-w-0 flex-1 truncate">
        <Matched text={entry.label} typed={props.typed} />
      </bdi>
      {entry.note !== undefined && (
        <span className="flex shrink-0 items-center gap-1.5 text-12 text-fg-3 max-sm:hidden">
          {entry.note}
        </span>
      )}
      {chosen && <CornerDownLeft size={13} className="shrink-0 text-fg-3" aria-hidden="true" />}
    </div>
  );
}

/** What was typed is heavier where it stands. */
function Matched({ text, typed }: { text: string; typed: string }) {
  const at = typed === '' ? -1 : text.toLowerCase().indexOf(typed.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <b className="font-semibold">{text.slice(at, at + typed.length)}</b>
      {text.slice(at + typed.length)}
    </>
  );
}
