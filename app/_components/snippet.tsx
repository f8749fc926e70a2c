'use client';
/**
 * Code to copy. It is monochrome: what comes from the user's own choices (address, key, model) stands out, the
 * rest is quiet. What is shown and what is copied may differ: a key just made is masked here and whole there.
 */
import type { ReactNode } from 'react';
import { CopyButton, CopyIcon } from './copy-button.tsx';

/** `slot`: nothing to copy is known, the reader puts it in. */
export type Piece = string | { readonly text: string; readonly shown?: string; readonly slot?: boolean };
export type Code = readonly Piece[];

export const codeText = (code: Code): string =>
  code.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');

function Pieces({ code }: { code: Code }) {
  let at = 0;
  return (
    <>
      {code.map((piece) => {
        at += 1;
        if (typeof piece === 'string') return piece;
        const look = piece.slot
          ? 'rounded-[4px] border border-dashed border-fg-3 px-1 font-sans text-fg-2'
          : 'font-medium text-fg';
        return (
          <span key={at} className={look}>
            {piece.shown ?? piece.text}
          </span>
        );
      })}
    </>
  );
}

/** One command: wraps on a phone. `prompt` is not copied. */
export function CommandLine({ code, prompt = true, label }: { code: Code; prompt?: boolean; label: string }) {
  return (
    <div className="flex items-start gap-2 rounded-control border bg-raised py-2 pr-1.5 pl-3">
      <code className="min-w-0 flex-1 font-mono text-12 leading-5 break-words whitespace-pre-wrap text-fg-2">
        {prompt && <span className="text-fg-3 select-none">$ </span>}
        <Pieces code={code} />
      </code>
      <span className="-my-1">
        <CopyIcon text={codeText(code)} label={label} />
      </span>
    </div>
  );
}

/** A file, never without its path. Long lines scroll sideways. */
export function FileBlock({ path, note, code }: { path: string; note?: ReactNode; code: Code }) {
  return (
    <div className="overflow-hidden rounded-control border bg-raised">
      <div className="flex h-9 items-center gap-2 border-b pr-1.5 pl-3">
        <code className="truncate font-mono text-12">{path}</code>
        {note !== undefined && <span className="truncate text-11 text-fg-3 max-sm:hidden">{note}</span>}
        <span className="ml-auto">
          <CopyButton text={codeText(code)} />
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section aria-label={path} tabIndex={0} className="overflow-x-auto px-3 py-2.5 -outline-offset-2">
        <pre className="w-max pr-6 font-mono text-12 leading-5.5 text-fg-2">
          <Pieces code={code} />
        </pre>
      </section>
    </div>
  );
}
