'use client';
/** Everything around a page that is signed in: session, drafts, live link, navigation, keys. */
import type { ReactNode } from 'react';
import { DraftProvider } from '../_data/drafts.tsx';
import { SessionProvider } from '../_data/session.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { Keys } from './keys.tsx';
import { SessionGate } from './session-gate.tsx';
import { Sidebar } from './sidebar.tsx';

export function Shell({ children }: { children: ReactNode }) {
  return (
    <SessionProvider>
      <DraftProvider>
        <SessionGate>
          <a
            href="#content"
            className="fixed top-2 left-2 z-60 -translate-y-16 rounded-control bg-fg px-3 py-2 text-on-fg focus:translate-y-0"
          >
            To the content
          </a>
          <div className="flex min-h-dvh">
            <Sidebar />
            <div className="min-w-0 flex-1">{children}</div>
          </div>
          <BottomBar />
          <Keys />
        </SessionGate>
      </DraftProvider>
    </SessionProvider>
  );
}
