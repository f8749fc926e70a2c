'use client';
/**
 * One subscription for all pages: `live.watch`, a tick a second at most. It is closed while the page is hidden,
 * so that a forgotten tab neither costs anything nor keeps a session alive, and opened anew, with a fresh
 * ticket and growing pauses, whenever it breaks.
 */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useSWRConfig } from 'swr';
import type { LiveTick } from '../../lib/wire/views.ts';
import { api } from './api.ts';
import { useNow } from './now.ts';
import { useSession } from './session.tsx';

/** connecting: not heard yet · live · stale: heard before, reconnecting · offline: given up hoping for a blip. */
export type LinkPhase = 'connecting' | 'live' | 'stale' | 'offline';

export interface Link {
  readonly phase: LinkPhase;
  readonly heardAtMs: number | null;
  readonly nextTryAtMs: number | null;
  readonly tryNow: () => void;
}

const OFFLINE_AFTER_TRIES = 4;
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;
const LinkContext = createContext<Link | null>(null);
const TickContext = createContext<LiveTick | null>(null);

export const useTick = (): LiveTick | null => useContext(TickContext);

export function useLink(): Link {
  const link = useContext(LinkContext);
  if (!link) throw new Error('this needs a LiveProvider above it');
  return link;
}

/** The time for what counts up: it stands still while nothing is heard, so that no figure pretends to be live. */
export function useLiveNow(): number | null {
  const { phase, heardAtMs } = useLink();
  const nowMs = useNow();
  return phase === 'stale' || phase === 'offline' ? heardAtMs : nowMs;
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const { access, endedBy, end } = useSession();
  const [tick, setTick] = useState<LiveTick | null>(null);
  const [state, setState] = useState<Omit<Link, 'tryNow'>>({
    phase: 'connecting',
    heardAtMs: null,
    nextTryAtMs: null,
  });
  const again = useRef<() => void>(() => {});
  const open = access.state === 'open';

  useEffect(() => {
    if (!open) return;
    const watcher = createWatcher({
      heard(next) {
        if (next.vault !== 'unlocked') return end('locked');
        setTick(next);
        setState({ phase: 'live', heardAtMs: Date.now(), nextTryAtMs: null });
      },
      broke(tries, nextTryAtMs) {
        const phase = tries > OFFLINE_AFTER_TRIES ? 'offline' : 'stale';
        setState((now) => ({
          ...now,
          phase: now.heardAtMs === null && tries < 2 ? 'connecting' : phase,
          nextTryAtMs,
        }));
      },
      refused: endedBy,
    });
    again.current = watcher.tryNow;
    return watcher.close;
  }, [open, end, endedBy]);

  useReloads(tick);
  const link = useMemo(() => ({ ...state, tryNow: () => again.current() }), [state]);
  return (
    <LinkContext value={link}>
      <TickContext value={tick}>{children}</TickContext>
    </LinkContext>
  );
}

/** Lists are asked again when the server says that something was changed, by whichever face. */
function useReloads(tick: LiveTick | null): void {
  const { mutate } = useSWRConfig();
  const seen = useRef<number | null>(null);
  useEffect(() => {
    if (tick === null) return;
    const before = seen.current;
    seen.current = tick.revision;
    if (before !== null && before !== tick.revision) {
      void mutate((key) => Array.isArray(key) && !String(key[0]).startsWith('requests.'));
    }
  }, [tick, mutate]);
}

interface WatcherEvents {
  heard(tick: LiveTick): void;
  broke(tries: number, nextTryAtMs: number): void;
  refused(error: unknown): boolean;
}

function createWatcher(events: WatcherEvents): { tryNow(): void; close(): void } {
  let stream: { unsubscribe(): void } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let run = 0;

  const stop = () => {
    run += 1;
    clearTimeout(timer);
    stream?.unsubscribe();
    stream = null;
  };
  const start = () => {
    stop();
    const mine = run;
    const lost = (error?: unknown) => {
      if (mine !== run) return;
      stop();
      if (error !== undefined && events.refused(error)) return;
      const waitMs = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 8_000;
      tries += 1;
      events.broke(tries, Date.now() + waitMs);
      timer = setTimeout(start, waitMs);
    };
    let started = false;
    stream = api.live.watch.subscribe(undefined, {
      onStarted: () => {
        started = true;
      },
      onData: (tick) => {
        if (mine !== run) return;
        tries = 0;
        events.heard(tick);
      },
      // The browser would reconnect by itself with the spent ticket; we do it with a fresh one.
      onConnectionStateChange: ({ state }) => {
        if (started && state === 'connecting') lost();
      },
      onError: lost,
      onComplete: () => lost(),
    });
  };
  const onVisibility = () => (document.hidden ? stop() : start());
  document.addEventListener('visibilitychange', onVisibility);
  if (!document.hidden) start();
  return {
    tryNow: start,
    close() {
      document.removeEventListener('visibilitychange', onVisibility);
      stop();
    },
  };
}
