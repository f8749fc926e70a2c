'use client';
/** The way around on a wide screen: pages, whether we are serving, where clients connect, and the lock. */
import { Lock, Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { formatSpan } from '../../lib/format.ts';
import { useLink, useTick } from '../_data/live.tsx';
import { useNow } from '../_data/now.ts';
import { openPalette } from '../_data/palette.ts';
import { useAccounts, useClientKeys, useStatus } from '../_data/resources.ts';
import { needsAttention } from './account-words.ts';
import { CopyIcon } from './copy-button.tsx';
import { Kbd } from './kbd.tsx';
import { useLock } from './lock.ts';
import { Logo } from './logo.tsx';
import { isHere, PLACES, type Place } from './places.ts';
import { Dot, type Tone } from './state-pill.tsx';

export function Sidebar() {
  const { data: status } = useStatus();
  const lock = useLock();
  return (
    <aside className="sticky top-0 flex h-dvh w-57 shrink-0 flex-col border-r bg-rail px-3 pt-4 pb-3 max-lg:hidden print:hidden">
      <Link href="/admin" className="flex items-center gap-2.5 rounded-control px-1.5">
        <Logo />
        <span className="min-w-0">
          <span className="block text-13 leading-4 font-semibold">Codex Accounts</span>
          <span className="block text-11 text-fg-3">
            {status ? `${status.demo ? 'Demo, all made up' : 'Local'} · v${status.version}` : 'Local'}
          </span>
        </span>
      </Link>
      <button
        type="button"
        onClick={openPalette}
        className="mt-4 flex h-8 items-center gap-2 rounded-control border bg-surface px-2.5 text-12 text-fg-3 shadow-card hover:text-fg"
      >
        <Search size={14} strokeWidth={1.75} aria-hidden="true" />
        Search or jump to
        <span className="ml-auto" aria-hidden="true">
          <Kbd>Ctrl K</Kbd>
        </span>
      </button>
      <nav aria-label="Pages" className="min-h-0 flex-1 overflow-y-auto pt-4">
        <ul>
          {PLACES.map((place, at) => (
            <li key={place.href} className={at > 0 && PLACES[at - 1]?.group !== place.group ? 'mt-4' : ''}>
              <NavLink place={place} />
            </li>
          ))}
        </ul>
      </nav>
      <Running />
      <button
        type="button"
        onClick={lock.run}
        disabled={lock.busy}
        className="mt-1 flex h-10 items-center gap-2.5 rounded-control px-2.5 text-13 text-fg-2 hover:bg-hover hover:text-fg"
      >
        <Lock size={16} strokeWidth={1.75} aria-hidden="true" />
        Lock
      </button>
    </aside>
  );
}

function NavLink({ place }: { place: Place }) {
  const here = isHere(place, usePathname());
  const Icon = place.icon;
  return (
    <Link
      href={place.href}
      aria-current={here ? 'page' : undefined}
      className={`flex h-8.5 items-center gap-2.5 rounded-control border px-2.5 text-13 transition-colors ${here ? 'border-line bg-surface font-medium text-fg shadow-card' : 'border-transparent text-fg-2 hover:bg-hover hover:text-fg'}`}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" className={here ? 'text-acc' : ''} />
      {place.name}
      <NavCount place={place} />
    </Link>
  );
}

/** Where a page has a number worth knowing before going there. */
function NavCount({ place }: { place: Place }) {
  const accounts = useAccounts().data;
  const keys = useClientKeys().data;
  const tick = useTick();
  let text: string | null = null;
  let alarm = false;
  if (place.href === '/admin/accounts' && accounts && accounts.length > 0) {
    text = String(accounts.length);
    alarm = accounts.some(needsAttention);
  }
  if (place.href === '/admin/requests' && tick && tick.inFlight > 0) text = `${tick.inFlight} live`;
  if (place.href === '/admin/clients' && keys) {
    const active = keys.filter((key) => key.revokedAtMs === null).length;
    if (active > 0) text = String(active);
  }
  if (text === null) return null;
  return (
    <span className="ml-auto flex items-center gap-2 text-11 text-fg-3">
      {alarm && <Dot tone="bad" />}
      {alarm && <span className="sr-only">needs attention,</span>}
      {text}
    </span>
  );
}

function useRunningWords(): { tone: Tone; words: string } {
  const { phase } = useLink();
  const accounts = useAccounts().data;
  if (phase === 'offline') return { tone: 'bad', words: 'Not answering' };
  if (phase === 'stale') return { tone: 'warn', words: 'Reconnecting' };
  if (phase === 'connecting') return { tone: 'idle', words: 'Connecting' };
  if (accounts && accounts.length === 0) return { tone: 'warn', words: 'Running, no account' };
  return { tone: 'ok', words: 'Proxy running' };
}

const WORDS: Record<Tone, string> = {
  ok: 'text-ok-text',
  warn: 'text-warn-text',
  bad: 'text-bad-text',
  idle: 'text-fg-3',
  busy: 'text-acc-text',
};

function Running() {
  const { data: status } = useStatus();
  const nowMs = useNow();
  const { tone, words } = useRunningWords();
  return (
    <div className="card px-3 py-2.5">
      <div className="flex items-center justify-between gap-2 text-11">
        <span className={`flex items-center gap-2 font-medium ${WORDS[tone]}`}>
          <Dot tone={tone} />
          {words}
        </span>
        <span className="text-fg-3">
          {status && nowMs !== null ? formatSpan(nowMs - status.startedAtMs) : ''}
        </span>
      </div>
      <div className="mt-2 flex h-7 items-center justify-between gap-1 rounded-inner bg-raised pr-0.5 pl-2">
        <span className="truncate font-mono text-11 text-fg-2">
          {status ? status.endpoint.replace(/^https?:\/\//, '') : ''}
        </span>
        {status && <CopyIcon text={status.endpoint} label="Copy the endpoint" />}
      </div>
    </div>
  );
}
