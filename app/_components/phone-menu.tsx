'use client';
/** What does not fit in the bottom bar of a phone. */
import { Menu as Base } from '@base-ui/react/menu';
import { Lock, Menu } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useLock } from './lock.ts';
import { PLACES } from './places.ts';

const ITEM =
  'flex h-11 cursor-default items-center gap-3 rounded-control px-3 text-14 outline-none select-none data-highlighted:bg-hover';

export function PhoneMenu() {
  const router = useRouter();
  const lock = useLock();
  return (
    <div className="lg:hidden">
      <Base.Root>
        <Base.Trigger
          aria-label="Menu"
          className="hit grid size-8 place-items-center rounded-control border bg-surface text-fg-2 shadow-card max-sm:size-9"
        >
          <Menu size={16} strokeWidth={1.75} />
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner align="end" sideOffset={6} className="z-50 outline-none">
            <Base.Popup className="min-w-52 rounded-card border bg-surface p-1.5 shadow-pop outline-none">
              {PLACES.map((place) => (
                <Base.Item key={place.href} className={ITEM} onClick={() => router.push(place.href)}>
                  <place.icon size={16} strokeWidth={1.75} className="text-fg-3" />
                  {place.name}
                </Base.Item>
              ))}
              <Base.Separator className="my-1.5 h-px bg-line" />
              <Base.Item className={ITEM} onClick={lock.run}>
                <Lock size={16} strokeWidth={1.75} className="text-fg-3" />
                Lock
              </Base.Item>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  );
}
