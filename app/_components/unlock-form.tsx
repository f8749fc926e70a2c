'use client';
/**
 * The master key, asked for on the unlock page and in the dialog over a page. Nothing typed is cleared by a
 * wrong try; while tries are paused the button itself counts down.
 */
import { CircleAlert, Timer } from 'lucide-react';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { formatCountdown } from '../../lib/format.ts';
import { api, keepOriginKey } from '../_data/api.ts';
import { useNow } from '../_data/now.ts';
import { type Problem, readProblem } from '../_data/problem.ts';
import { Button } from './button.tsx';
import { SecretInput } from './field.tsx';

interface Throttle {
  readonly triesLeft: number | null;
  readonly untilMs: number;
}

function useUnlock(onOpen: () => void) {
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [throttle, setThrottle] = useState<Throttle>({ triesLeft: null, untilMs: 0 });
  const readThrottle = useCallback(async () => {
    const status = await api.session.status.query();
    const untilMs = status.throttledMs > 0 ? Date.now() + status.throttledMs : 0;
    setThrottle({ triesLeft: status.triesLeft, untilMs });
  }, []);
  useEffect(() => {
    field.current?.focus();
    readThrottle().catch((error) => setProblem(readProblem(error)));
  }, [readThrottle]);

  const tryKey = async () => {
    const masterKey = field.current?.value ?? '';
    if (busy || masterKey === '') return field.current?.focus();
    setBusy(true);
    setProblem(null);
    try {
      const signIn = await api.session.unlock.mutate({ masterKey });
      keepOriginKey(signIn.originKey);
      onOpen();
    } catch (error) {
      setProblem(readProblem(error));
      await readThrottle().catch(() => {});
      setBusy(false);
      field.current?.focus();
    }
  };
  return { field, busy, problem, throttle, tryKey };
}

export function UnlockForm({ word, onOpen }: { word: string; onOpen: () => void }) {
  const { field, busy, problem, throttle, tryKey } = useUnlock(onOpen);
  const nowMs = useNow();
  // As the server renders it nobody listens yet: without a button the browser sends no form by itself.
  const listens = nowMs !== null;
  const leftMs = throttle.untilMs - (nowMs ?? 0);
  const paused = throttle.untilMs > 0 && leftMs > 0;
  const wrong = problem !== null && !paused ? wrongWords(problem, throttle.triesLeft) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!paused) void tryKey();
  };
  return (
    <form onSubmit={submit}>
      <input type="text" name="username" autoComplete="username" value="Codex Accounts" readOnly hidden />
      <label htmlFor="master-key" className="mb-1.5 block text-12 font-medium">
        Master key
      </label>
      <SecretInput
        ref={field}
        id="master-key"
        name="password"
        what="master key"
        autoComplete="current-password"
        className="h-10! max-sm:h-11!"
        aria-invalid={wrong !== null || undefined}
        aria-describedby="master-key-note"
      />
      <div id="master-key-note" role="alert" className="pt-2 empty:hidden">
        {wrong !== null && <Wrong>{wrong}</Wrong>}
        {paused && <Paused />}
      </div>
      <Button
        type="submit"
        look={paused ? 'plain' : 'primary'}
        size="large"
        className="mt-4 w-full"
        disabled={!listens || paused || busy}
      >
        {paused ? `Try again in ${formatCountdown(leftMs)}` : busy ? 'Unlocking, about a second' : word}
      </Button>
    </form>
  );
}

function Wrong({ children }: { children: string }) {
  return (
    <p className="flex items-start gap-2 text-12 text-bad-text">
      <CircleAlert size={14} className="mt-px shrink-0" />
      {children}
    </p>
  );
}

function Paused() {
  return (
    <p className="flex gap-2.5 rounded-control bg-warn-soft px-3 py-2 text-12 text-warn-text">
      <Timer size={14} className="mt-px shrink-0" />
      <span>
        <b className="font-semibold">Paused after too many wrong tries.</b> Each further one doubles the
        pause, up to 5 minutes.
      </span>
    </p>
  );
}

function wrongWords(problem: Problem, triesLeft: number | null): string {
  if (problem.code !== 'wrong_master_key') return `${problem.message} ${problem.hint ?? ''}`;
  if (triesLeft === null || triesLeft <= 0) return 'That is not the master key.';
  return `That is not the master key. ${triesLeft} ${triesLeft === 1 ? 'try' : 'tries'} left before a pause.`;
}
