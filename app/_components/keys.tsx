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
        </section>
      </Modal>
    </>
  );
}

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
                  {at > 0 && (key === 'K' ? '+' : 'then')}
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
  if (target.closest('[role="dialog"], [role="menu"]')) return true;
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox'].includes(target.type);
  return target.isContentEditable || target.matches('textarea, select');
}
