'use client';
/** What does not fit in the bottom bar of a phone. */
import { Lock, Menu, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { openPalette } from '../_data/palette.ts';
import { useLock } from './lock.ts';
import { MenuButton } from './menu.tsx';
import { PLACES } from './places.ts';

export function PhoneMenu() {
  const router = useRouter();
  const lock = useLock();
  return (
    <div className="lg:hidden">
      <MenuButton
        label="Menu"
        className="grid size-8 place-items-center rounded-control border bg-surface text-fg-2 shadow-card max-sm:size-9"
        items={[
          { label: 'Search or jump to', icon: <Search size={16} strokeWidth={1.75} />, onPick: openPalette },
          ...PLACES.map((place) => ({
            label: place.name,
            icon: <place.icon size={16} strokeWidth={1.75} />,
            onPick: () => router.push(place.href),
          })),
          { label: 'Lock', icon: <Lock size={16} strokeWidth={1.75} />, apart: true, onPick: lock.run },
        ]}
      >
        <Menu size={16} strokeWidth={1.75} />
      </MenuButton>
    </div>
  );
}
