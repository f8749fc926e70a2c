'use client';
/** A page's frame: title line on top, content below. Figures go quiet as a whole when they are no longer live. */
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useLink } from '../_data/live.tsx';
import { useStatus } from '../_data/resources.ts';
import { Logo } from './logo.tsx';
import { PhoneMenu } from './phone-menu.tsx';
import { Pill } from './state-pill.tsx';
import { ThemeButton } from './theme-button.tsx';

export interface PageProps {
  readonly title: string;
  /** The page that this one belongs to. */
  readonly parent?: { readonly href: string; readonly name: string };
  /** Beside the title: how live the page is, or what it is for. Hidden on a phone. */
  readonly note?: ReactNode;
  /** Left of the theme button. */
  readonly tools?: ReactNode;
  /** The page's one primary button. */
  readonly primary?: ReactNode;
  /** Above the content: what stays in full colour when the figures have gone quiet. */
  readonly lead?: ReactNode;
  /** What decides the layout is not known yet: nothing is shown for a blink, then the skeleton. */
  readonly pending?: boolean;
  /** A panel stands at the right edge (`DockedPanel`): the content keeps out of its way. */
  readonly docked?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, parent, note, tools, primary, lead, pending, docked, children }: PageProps) {
  const { phase } = useLink();
  const demo = useStatus().data?.demo === true;
  const stale = phase === 'stale' || phase === 'offline';
  return (
    <>
      <header className="sticky top-0 z-30 h-14 border-b bg-bg print:static">
        <div className="mx-auto flex h-full max-w-332 items-center gap-3 px-4 lg:px-6">
          <span className="lg:hidden">
            <Logo />
          </span>
          {parent && (
            <nav aria-label="Up" className="flex items-center gap-2 text-13 text-fg-3">
              <Link href={parent.href} className="hit hover:text-fg">
                {parent.name}
              </Link>
              <ChevronRight size={14} aria-hidden="true" />
            </nav>
          )}
          <h1 className="min-w-0 truncate text-14 font-semibold tracking-[-0.01em]" title={title}>
            <bdi>{title}</bdi>
          </h1>
          {demo && (
            <span title="Accounts, calls and provider are made up; nothing is kept.">
              <Pill tone="warn">Demo</Pill>
            </span>
          )}
          <div className="min-w-0 max-md:sr-only">{note}</div>
          <div className="ml-auto flex items-center gap-2 print:hidden">
            <div className="contents max-md:hidden">{tools}</div>
            <ThemeButton />
            <div className="contents max-sm:hidden">{primary}</div>
            <PhoneMenu />
          </div>
        </div>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className={`mx-auto max-w-332 px-4 py-4 outline-none max-lg:pb-24 lg:px-6 lg:pb-8 ${docked ? 'mr-116 print:mr-auto' : ''}`}
      >
        {(tools || primary) && (
          <div className="mb-4 flex flex-wrap items-center gap-2 empty:hidden md:hidden print:hidden">
            {tools}
            <div className="contents sm:hidden">{primary}</div>
          </div>
        )}
        {!pending && lead}
        <div key={pending ? 'pending' : 'known'} className={pending ? 'late' : stale ? 'stale' : ''}>
          {children}
        </div>
      </main>
    </>
  );
}
