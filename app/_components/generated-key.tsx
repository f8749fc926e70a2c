'use client';
/** Six numbered words, so that they can be read aloud and checked against paper. */
import { RefreshCw } from 'lucide-react';
import { passphraseText } from '../../lib/base/passphrase.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { StrengthLine } from './strength-line.tsx';

export function GeneratedKey({ words, onAnother }: { words: readonly string[]; onAnother: () => void }) {
  return (
    <>
      <div className="mt-4 rounded-control border bg-raised px-4 pt-4 pb-2">
        <ol aria-label="The master key" className="grid grid-cols-3 gap-x-4 gap-y-3 max-sm:grid-cols-2">
          {words.map((word, at) => (
            <li key={word + String(at)} className="flex items-baseline gap-3">
              <span className="w-2 text-right text-11 text-fg-3">{at + 1}</span>
              <span className="font-mono text-17" translate="no">
                {word}
              </span>
            </li>
          ))}
        </ol>
        <div className="-ml-2 flex items-center gap-1 pt-3">
          <CopyButton text={passphraseText(words)} />
          <Button look="quiet" size="small" onClick={onAnother}>
            <RefreshCw size={14} />
            Another
          </Button>
          <span className="ml-auto text-11 text-fg-3 max-sm:hidden">
            Typed with hyphens between the words
          </span>
        </div>
      </div>
      <StrengthLine
        bars={4}
        tone="ok"
        word="Strong"
        why="six random words, 96 bits; each guess costs about a second"
      />
    </>
  );
}
