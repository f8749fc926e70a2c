'use client';
/**
 * Between the session and the pages. A page whose session ended is taken out of the document together with all
 * it had been told (the cache goes with it), an empty frame stands in its place, and the dialog in front asks
 * for the master key.
 */
import { Dialog } from '@base-ui/react/dialog';
import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useHasDrafts } from '../_data/drafts.tsx';
import { FreshCache } from '../_data/fresh-cache.tsx';
import { LiveProvider } from '../_data/live.tsx';
import { useSession } from '../_data/session.tsx';
import { Button } from './button.tsx';
import { Bone } from './skeleton.tsx';
import { hourMinute } from './times.tsx';
import { UnlockForm } from './unlock-form.tsx';

export function SessionGate({ children }: { children: ReactNode }) {
  const { access } = useSession();
  if (access.state === 'unreachable') return <Unreachable />;
  if (access.state === 'ended') {
    return (
      <>
        <EmptyFrame />
        <EndedDialog vault={access.vault} atMs={access.atMs} />
      </>
    );
  }
  return (
    <FreshCache>
      <LiveProvider>{children}</LiveProvider>
    </FreshCache>
  );
}

function EndedDialog({ vault, atMs }: { vault: 'locked' | 'unlocked'; atMs: number }) {
  const { reopen } = useSession();
  const kept = useHasDrafts();
  const locked = vault === 'locked';
  return (
    <Dialog.Root open disablePointerDismissal onOpenChange={(_, details) => details.cancel()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-bg/72 backdrop-blur-[7px]" />
        <Dialog.Popup className="fixed inset-x-0 top-[20vh] z-50 mx-auto w-[calc(100vw-32px)] max-w-98 rounded-card border bg-surface p-5 shadow-pop outline-none max-sm:top-[9vh]">
          <div className="flex gap-3 pb-4">
            <span className="grid size-9 shrink-0 place-items-center rounded-control bg-raised text-fg-2">
              <Lock size={16} strokeWidth={1.75} aria-hidden="true" />
            </span>
            <div>
              <Dialog.Title className="text-14 font-semibold">
                {locked ? 'The vault was locked' : 'Your session ended'}
              </Dialog.Title>
              <Dialog.Description className="text-13 text-pretty text-fg-2">
                At {hourMinute(atMs)}.{' '}
                {locked ? 'Clients get a 503 until you unlock.' : 'Clients are served as before.'}
                {kept && ' Your unsaved change is kept.'}
              </Dialog.Description>
            </div>
          </div>
          <UnlockForm word="Unlock and go on" onOpen={reopen} />
          <p className="pt-3 text-center text-12 text-fg-3">
            The key is on your recovery sheet. There is no reset.
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The outline of any page: where it was, without a word of it. */
function EmptyFrame() {
  return (
    <div aria-hidden="true" className="flex min-h-dvh">
      <div className="w-57 shrink-0 border-r bg-rail max-lg:hidden" />
      <div className="flex-1 px-6 pt-18">
        <Bone className="card h-34" />
        <Bone className="card mt-4 h-72" />
        <Bone className="card mt-4 h-72" />
      </div>
    </div>
  );
}

function Unreachable() {
  const { check } = useSession();
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div>
        <h1 className="text-20 font-semibold tracking-[-0.015em]">The server does not answer</h1>
        <p className="pt-1 pb-5 text-fg-2">
          Clients cannot connect either. Start it with <code className="font-mono text-12">npm start</code>.
        </p>
        <Button look="primary" size="large" onClick={check}>
          Try again
        </Button>
      </div>
    </main>
  );
}
