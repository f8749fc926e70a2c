'use client';
/** A menu of deeds behind three dots. */
import { Menu as Base } from '@base-ui/react/menu';
import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';

export interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly tone?: 'plain' | 'bad';
  readonly onPick: () => void;
}

export function MoreMenu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  return (
    <Base.Root>
      <Base.Trigger
        aria-label={label}
        className="hit grid size-7 place-items-center rounded-control text-fg-2 hover:bg-hover hover:text-fg data-popup-open:bg-hover"
      >
        <Ellipsis size={16} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="end" sideOffset={4} className="z-50 outline-none">
          <Base.Popup className="min-w-44 rounded-card border bg-surface p-1 shadow-pop outline-none">
            {items.map((item) => (
              <Base.Item
                key={item.label}
                onClick={item.onPick}
                className={`flex h-8 cursor-default items-center gap-2.5 rounded-control px-2.5 text-13 outline-none select-none data-highlighted:bg-hover max-sm:h-11 ${item.tone === 'bad' ? 'text-bad-text' : ''}`}
              >
                <span className="text-fg-3">{item.icon}</span>
                {item.label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
