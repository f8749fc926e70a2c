/** The parts of a card: a head, rows parted by hairlines, and a raised foot with the consequence and the action. */
import type { ReactNode } from 'react';

export function CardHead(props: {
  title: ReactNode;
  note?: ReactNode;
  children?: ReactNode;
  wrap?: boolean;
}) {
  return (
    <header
      className={`flex min-h-12 items-center gap-x-3 gap-y-2 border-b px-4 ${props.wrap ? 'flex-wrap py-2' : ''}`}
    >
      <h2 className="shrink-0 text-13 font-semibold">{props.title}</h2>
      {props.note !== undefined && <div className="min-w-0 truncate text-12 text-fg-3">{props.note}</div>}
      {props.children !== undefined && (
        <div className="ml-auto flex items-center gap-2">{props.children}</div>
      )}
    </header>
  );
}

export function CardFoot({ children, className = '' }: { children: ReactNode; className?: string }) {
  return (
    <footer
      className={`flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-b-card border-t bg-raised/60 px-4 py-3 text-12 text-fg-3 ${className}`}
    >
      {children}
    </footer>
  );
}

/** A setting: what it is over what it does, and its control at the right. */
export function CardRow(props: { title: ReactNode; note?: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex items-center gap-x-6 gap-y-3 border-t px-4 py-3.5 first:border-t-0 max-sm:flex-wrap [header+&]:border-t-0">
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <div className="font-medium">{props.title}</div>
        {props.note !== undefined && (
          <div className="max-w-[60ch] pt-0.5 text-12 text-pretty text-fg-3">{props.note}</div>
        )}
      </div>
      {props.children}
    </div>
  );
}
