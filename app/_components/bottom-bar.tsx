'use client';
/** The way around on a phone: the five pages used most. */
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useAccounts } from '../_data/resources.ts';
import { needsAttention } from './account-words.ts';
import { isHere, PLACES } from './places.ts';
import { Dot } from './state-pill.tsx';

export function BottomBar() {
  const path = usePathname();
  const alarm = useAccounts().data?.some(needsAttention) ?? false;
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden print:hidden"
    >
      <ul className="mx-auto grid max-w-160 grid-cols-5">
        {PLACES.slice(0, 5).map((place) => {
          const here = isHere(place, path);
          return (
            <li key={place.href}>
              <Link
                href={place.href}
                aria-current={here ? 'page' : undefined}
                className={`flex h-15 flex-col items-center justify-center gap-1 text-11 ${here ? 'font-medium text-acc-text' : 'text-fg-2'}`}
              >
                <span className="relative">
                  <place.icon size={18} strokeWidth={1.75} aria-hidden="true" />
                  {alarm && place.href === '/admin/accounts' && (
                    <Dot tone="bad" className="absolute -top-0.5 -right-1" />
                  )}
                </span>
                {place.short ?? place.name}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
