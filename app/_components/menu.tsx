'use client';
/**
 * A menu of deeds behind a button, on the browser's own popover: the top layer, light dismissal, Escape and the
 * return of the focus are the browser's; placing it and walking it with the arrow keys is ours.
 */
import { Ellipsis } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface MenuItem {
  readonly label: string;
  /** What follows from it, in a few words. */
  readonly note?: string;
  readonly icon?: ReactNode;
  readonly tone?: 'plain' | 'bad';
  /** A hairline above. */
  readonly apart?: boolean;
  readonly onPick: () => void;
}

export interface MenuButtonProps {
  readonly label: string;
  readonly className: string;
  readonly items: readonly MenuItem[];
  readonly children: ReactNode;
}

const GAP = 4;
const EDGE = 8;

export function MenuButton({ label, className, items, children }: MenuButtonProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    if (!open || !button.current || !list.current) return;
    const menu = list.current;
    place(menu, button.current);
    itemsOf(menu)[0]?.focus();
    const close = () => menu.hidePopover();
    window.addEventListener('scroll', close, { capture: true, once: true });
    window.addEventListener('resize', close, { once: true });
    return () => {
      window.removeEventListener('scroll', close, { capture: true });
      window.removeEventListener('resize', close);
    };
  }, [open]);

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        className={`hit ${className}`}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={walk}
        className="fixed inset-auto m-0 min-w-44 rounded-card border bg-surface p-1 text-fg shadow-pop outline-none"
      >
        {open &&
          items.map((item) => (
            <Item key={item.label} item={item} onPicked={() => list.current?.hidePopover()} />
          ))}
      </div>
    </>
  );
}

function Item({ item, onPicked }: { item: MenuItem; onPicked: () => void }) {
  return (
    <>
      {item.apart && <hr className="my-1 border-line" />}
      <button
        type="button"
        role="menuitem"
        tabIndex={-1}
        onClick={() => {
          onPicked();
          item.onPick();
        }}
        onPointerMove={(event) => event.currentTarget.focus()}
        className={`flex min-h-8 w-full items-center gap-2.5 rounded-control px-2.5 py-1 text-left text-13 outline-none select-none focus:bg-hover max-sm:min-h-11 ${item.tone === 'bad' ? 'text-bad-text' : ''}`}
      >
        <span className="text-fg-3">{item.icon}</span>
        <span>
          {item.label}
          {item.note && <span className="block text-11 text-fg-3">{item.note}</span>}
        </span>
      </button>
    </>
  );
}

const itemsOf = (menu: HTMLElement): HTMLElement[] => [
  ...menu.querySelectorAll<HTMLElement>('[role="menuitem"]'),
];

/** Below the button and in line with its right edge, above it where there is no room below. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const below = at.bottom + GAP;
  const fits = below + menu.offsetHeight <= window.innerHeight - EDGE;
  menu.style.top = `${fits ? below : Math.max(EDGE, at.top - GAP - menu.offsetHeight)}px`;
  menu.style.left = `${Math.max(EDGE, at.right - menu.offsetWidth)}px`;
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const items = itemsOf(event.currentTarget);
  const here = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  }
  if (event.key === 'Tab') event.currentTarget.hidePopover();
}

export function MoreMenu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  return (
    <MenuButton
      label={label}
      items={items}
      className="grid size-7 place-items-center rounded-control text-fg-2 hover:bg-hover hover:text-fg aria-expanded:bg-hover"
    >
      <Ellipsis size={16} />
    </MenuButton>
  );
}
