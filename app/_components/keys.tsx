'use client';
/** The keyboard map and its help sheet. Keys rest while something is being typed or a dialog is open. */
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { onOpenPalette } from '../_data/palette.ts';
import { useStatus } from '../_data/resources.ts';
import { toggleTheme } from '../_data/theme.ts';
import { Modal } from './dialog.tsx';
import { Kbd } from './kbd.tsx';
import { PLACES } from './places.ts';

const LEADER_MS = 1_200;
/** Loaded when it is first opened. */
const Palette = dynamic(() => import('./palette.tsx').then((module) => module.Palette), { ssr: false });

const IN_A_LIST = [
  ['Next, previous', 'j', 'k'],
  ['Open', '↵'],
  ['Select an account', 'x'],
  ['Test the selected', 'T'],
  ['Enable, disable them', 'e', 'd'],
] as const;

const TIME = [
  ['Last hour', '1'],
  ['Last 24 hours', '2'],
  ['Last 7 days', '3'],
  ['Last 30 days', '4'],
  ['Pause the calls', 'p'],
  ['To the newest', 'G'],
] as const;

const ANYWHERE = [
  ['Search or jump to', 'ctrl', 'K'],
  ['Search the calls', '/'],
  ['Copy the endpoint', 'y'],
  ['Switch theme', 't'],
  ['This sheet', '?'],
  ['Back out', 'esc'],
] as const;

export function Keys() {
  const [help, setHelp] = useState(false);
  const [finding, setFinding] = useState(false);
  const endpoint = useStatus().data?.endpoint;
  useEffect(() => onOpenPalette(() => setFinding(true)), []);
  const router = useRouter();
  const ledAtMs = useRef(0);
  const sheet = useRef<HTMLElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return setFinding(true);
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const led = Date.now() - ledAtMs.current < LEADER_MS;
      ledAtMs.current = !led && event.key === 'g' ? Date.now() : 0;
      if (led) {
        const place = PLACES.find(({ key }) => key === event.key);
        if (place) router.push(place.href);
      } else if (event.key === 't') toggleTheme();
      else if (event.key === '?') setHelp(true);
      else if (event.key === '/') {
        event.preventDefault();
        const field = document.querySelector<HTMLInputElement>('[data-search]');
        // What is there already is gone on with, or written over.
        if (field) field.select();
        else router.push('/admin/requests?find=1');
      } else if (event.key === 'y' && endpoint !== undefined) void navigator.clipboard.writeText(endpoint);
      else if (event.key === 'j') stepRow(1);
      else if (event.key === 'k') stepRow(-1);
      else shortcutOf(event)?.click();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [router, endpoint]);
  return (
    <>
      {finding && <Palette open onClose={() => setFinding(false)} />}
      <Modal
        open={help}
        onClose={() => setHelp(false)}
        title="Keyboard"
        note="Keys rest while you type in a field."
        initialFocus={sheet}
      >
        <section
          ref={sheet}
          aria-label="Keys"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that may scroll must be reachable by keyboard
          tabIndex={0}
          className="grid gap-x-10 gap-y-5 outline-none sm:grid-cols-2"
        >
          <KeyGroup title="Go to" rows={PLACES.map(({ name, key }) => [name, 'g', key] as const)} />
          <KeyGroup title="Anywhere" rows={ANYWHERE} />
          <KeyGroup title="In a list" rows={IN_A_LIST} />
          <KeyGroup title="Time and calls" rows={TIME} />
        </section>
      </Modal>
    </>
  );
}

/** From the row that has the focus to the next or the one before; from elsewhere to the first. */
function stepRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')].filter(isShown);
  const here = document.activeElement;
  const at = here instanceof HTMLElement ? rows.indexOf(here) : -1;
  rows[at === -1 ? 0 : at + by]?.focus();
}

/** What a page gives a key to (`aria-keyshortcuts`), first in the row that has the focus, then anywhere in it. */
function shortcutOf({ key, shiftKey }: KeyboardEvent): HTMLElement | undefined {
  if (!/^[a-z0-9]$/i.test(key)) return undefined;
  const name = shiftKey ? `Shift+${key.toUpperCase()}` : key;
  const marked = `[aria-keyshortcuts="${name}"]`;
  const row = document.activeElement?.closest('main :is(tr, li)');
  const within = row?.querySelector<HTMLElement>(marked);
  return (
    within ?? [...document.querySelectorAll<HTMLElement>(`main ${marked}, header ${marked}`)].find(isShown)
  );
}

const isShown = (element: HTMLElement): boolean => element.checkVisibility();

function KeyGroup({ title, rows }: { title: string; rows: readonly (readonly [string, ...string[]])[] }) {
  return (
    <div>
      <h3 className="pb-1 text-12 text-fg-3">{title}</h3>
      <dl>
        {rows.map(([name, ...keys]) => (
          <div key={name} className="flex h-8 items-center justify-between border-t first:border-t-0">
            <dt>{name}</dt>
            <dd className="flex items-center gap-1.5 text-11 text-fg-3">
              {keys.map((key, at) => (
                <span key={key} className="flex items-center gap-1.5">
                  {at > 0 && (key === 'K' ? '+' : key === 'k' || key === 'd' ? '' : 'then')}
                  <Kbd>{key}</Kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="dialog"], [role="menu"], [role="slider"]')) return true;
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox'].includes(target.type);
  return target.isContentEditable || target.matches('textarea, select');
}
