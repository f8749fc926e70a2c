'use client';
/**
 * The recovery sheet: one page, black only, that opens the vault when memory fails. A generated key is printed
 * on it; for a key of one's own there is an empty line, because nobody's own key goes to a printer's queue.
 */
import { FileText, Printer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { passphraseText } from '../../lib/base/passphrase.ts';
import { Button } from './button.tsx';
import { Modal } from './dialog.tsx';
import { dayMonthYear } from './times.tsx';

export function RecoveryCard({ words }: { words: readonly string[] | null }) {
  const [preview, setPreview] = useState(false);
  const [mounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  return (
    <div className="flex gap-4 border-t p-4">
      <Thumb />
      <div className="min-w-0">
        <h2 className="font-medium">Recovery sheet</h2>
        <p className="max-w-100 pt-0.5 text-12 text-pretty text-fg-3">
          One page: {words ? 'the key' : 'a line to write your key on'} and how to open this vault. Keep it
          away from this computer.
        </p>
        <div className="flex gap-2 pt-2.5">
          <Button size="small" onClick={() => window.print()}>
            <Printer size={14} strokeWidth={1.75} />
            Print
          </Button>
          <Button size="small" onClick={() => setPreview(true)}>
            <FileText size={14} strokeWidth={1.75} />
            Preview
          </Button>
        </div>
      </div>
      <Modal open={preview} onClose={() => setPreview(false)} title="Recovery sheet" note="As it is printed.">
        <div className="rounded-inner border bg-raised p-5">
          <Sheet words={words} />
        </div>
      </Modal>
      {mounted && createPortal(<PrintedSheet words={words} />, document.body)}
    </div>
  );
}

function PrintedSheet({ words }: { words: readonly string[] | null }) {
  return (
    <div aria-hidden="true" className="print-sheet hidden print:block">
      <Sheet words={words} />
    </div>
  );
}

function Sheet({ words }: { words: readonly string[] | null }) {
  return (
    <div className="text-13">
      <p className="text-16 font-semibold">Codex Account Manager: recovery sheet</p>
      <p className="text-12 text-fg-2">
        Made on {dayMonthYear(Date.now())} for {typeof location === 'undefined' ? '' : location.host}
      </p>
      <p className="pt-5 pb-1.5 text-12 font-medium">Master key</p>
      <p
        className="min-h-12 rounded-inner border border-fg px-3 py-3 font-mono text-14 break-words"
        translate="no"
      >
        {words ? passphraseText(words) : ''}
      </p>
      <p className="pt-5 pb-1.5 text-12 font-medium">To open the vault</p>
      <ol className="list-decimal pl-4 text-12 text-fg-2">
        <li>Start the program: npm start</li>
        <li>Open the address it prints, followed by /admin</li>
        <li>Type the key above, hyphens included, and choose Unlock</li>
      </ol>
      <p className="pt-5 pb-6 text-12 font-medium">Notes</p>
      <div className="border-b" />
      <div className="border-b pt-8" />
      <p className="pt-6 text-12">There is no reset. Without this key the account keys stay sealed.</p>
    </div>
  );
}

function Thumb() {
  return (
    <svg width="66" height="92" viewBox="0 0 66 92" aria-hidden="true" className="shrink-0">
      <rect x=".5" y=".5" width="65" height="91" rx="3.5" className="fill-surface stroke-line-2" />
      <path d="M8 9h22" strokeWidth="3" className="stroke-fg" />
      <path
        d="M8 15.500h40M8 53.500h46M8 60.500h38M8 67.500h42M8 74.500h28"
        strokeWidth="1.5"
        className="stroke-line-2"
      />
      <rect x="8" y="26" width="50" height="17" rx="1.5" className="fill-raised stroke-line-2" />
    </svg>
  );
}
