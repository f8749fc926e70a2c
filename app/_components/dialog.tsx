'use client';
/** Dialogs: a side panel for forms that belong to the page, a small one in the middle for a single matter. */
import { Dialog } from '@base-ui/react/dialog';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect } from 'react';

interface Shared {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

const BACKDROP =
  'fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0';

function CloseButton() {
  return (
    <Dialog.Close
      aria-label="Close"
      className="hit grid size-7 shrink-0 place-items-center rounded-control text-fg-2 hover:bg-hover hover:text-fg"
    >
      <X size={16} />
    </Dialog.Close>
  );
}

/** 496 px at the right edge; the whole screen on a phone. `children` brings its own scrolling body and foot. */
export function SidePanel({ open, onClose, title, children, initialFocus }: Shared) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={BACKDROP} />
        <Dialog.Popup
          initialFocus={initialFocus}
          className="fixed inset-y-0 right-0 z-50 flex w-124 max-w-full flex-col border-l bg-surface shadow-pop transition-transform duration-160 ease-out outline-none data-ending-style:translate-x-6 data-starting-style:translate-x-6 max-sm:w-full max-sm:border-l-0"
        >
          <header className="flex h-14 shrink-0 items-center justify-between gap-3 border-b px-5">
            <Dialog.Title className="min-w-0 truncate text-14 font-semibold">{title}</Dialog.Title>
            <CloseButton />
          </header>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The same beside what it is about, which stays in use: 464 px under the page's title line. Escape closes it. */
export function DockedPanel(props: {
  title: ReactNode;
  label: string;
  onClose: () => void;
  onStep: (by: 1 | -1) => void;
  children: ReactNode;
}) {
  const { onClose } = props;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A dialog or a menu over it has its own Escape.
      if (event.key === 'Escape' && !event.defaultPrevented && !isInside(event.target)) onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);
  const icon =
    'hit grid size-7 shrink-0 place-items-center rounded-control text-fg-2 hover:bg-hover hover:text-fg';
  return (
    <aside
      aria-label={props.label}
      className="fixed top-14 right-0 bottom-0 z-20 flex w-116 flex-col border-l bg-surface print:hidden"
    >
      <header className="flex h-14 shrink-0 items-center gap-1 border-b pr-4 pl-5">
        <h2 className="min-w-0 flex-1 truncate text-14 font-semibold">{props.title}</h2>
        <button type="button" aria-label="The newer call" className={icon} onClick={() => props.onStep(-1)}>
          <ChevronUp size={16} aria-hidden="true" />
        </button>
        <button type="button" aria-label="The older call" className={icon} onClick={() => props.onStep(1)}>
          <ChevronDown size={16} aria-hidden="true" />
        </button>
        <button type="button" aria-label="Close" className={icon} onClick={onClose}>
          <X size={16} aria-hidden="true" />
        </button>
      </header>
      {props.children}
    </aside>
  );
}

const isInside = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('[role="dialog"], [role="menu"], input, select') !== null;

export interface ModalProps extends Shared {
  readonly note?: ReactNode;
  readonly foot?: ReactNode;
  readonly wide?: boolean;
  /** No way out but the buttons inside: no close sign, no Escape, no click beside it. */
  readonly insistent?: boolean;
}

export function Modal({
  open,
  onClose,
  title,
  note,
  children,
  foot,
  wide,
  insistent,
  initialFocus,
}: ModalProps) {
  return (
    <Dialog.Root
      open={open}
      disablePointerDismissal={insistent}
      onOpenChange={(next, details) => {
        if (next) return;
        if (insistent && details.reason !== 'close-press') return details.cancel();
        onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={BACKDROP} />
        <Dialog.Popup
          initialFocus={initialFocus}
          className={`fixed inset-x-0 top-[9vh] z-50 mx-auto flex max-h-[86dvh] w-[calc(100vw-32px)] flex-col rounded-card border bg-surface shadow-pop transition-opacity outline-none data-ending-style:opacity-0 data-starting-style:opacity-0 ${wide ? 'max-w-148' : 'max-w-130'}`}
        >
          <header className="flex shrink-0 items-start justify-between gap-3 px-5 pt-4">
            <div className="min-w-0">
              <Dialog.Title className="text-14 font-semibold">{title}</Dialog.Title>
              {note !== undefined && (
                <Dialog.Description className="pt-0.5 text-13 text-pretty text-fg-2">
                  {note}
                </Dialog.Description>
              )}
            </div>
            {!insistent && <CloseButton />}
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {foot !== undefined && (
            <footer className="flex shrink-0 flex-wrap items-center justify-between gap-3 rounded-b-card border-t bg-raised/60 px-5 py-3">
              {foot}
            </footer>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
