'use client';
/** One field that grows with what is typed. Enter sends, Shift with Enter makes a line; while it runs, Stop is here. */
import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { Button } from '../../../_components/button.tsx';

export function Composer(props: {
  typed: string;
  follows: boolean;
  busy: boolean;
  /** Why nothing can be sent just now. */
  off: string | null;
  onType: (text: string) => void;
  onSend: () => void;
  onStop: () => void;
}) {
  const field = useRef<HTMLTextAreaElement>(null);
  const ready = props.typed.trim() !== '' && !props.busy && props.off === null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (ready) props.onSend();
  };
  return (
    <form
      className="mx-4 mb-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) props.onSend();
      }}
    >
      <div className="mx-auto flex max-w-180 items-end gap-2 rounded-card border border-line-2 bg-surface p-2 pl-3 focus-within:border-acc">
        <textarea
          ref={field}
          rows={1}
          aria-label={props.follows ? 'Ask a follow-up' : 'Ask something'}
          placeholder={props.follows ? 'Ask a follow-up' : 'Ask something'}
          value={props.typed}
          onChange={(event) => props.onType(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-40 min-h-8 min-w-0 flex-1 resize-none bg-transparent py-1.5 text-13 outline-none placeholder:text-fg-3 max-sm:text-16"
        />
        {props.busy && (
          <Button onClick={props.onStop}>
            <Square size={11} fill="currentColor" />
            Stop
          </Button>
        )}
        <button
          type="submit"
          aria-label="Send"
          title="Send"
          disabled={!ready}
          className="hit grid size-8 shrink-0 place-items-center rounded-control bg-fg text-on-fg disabled:bg-fg/45"
        >
          <ArrowUp size={16} />
        </button>
      </div>
      {props.off !== null && <p className="mx-auto max-w-180 pt-1.5 text-11 text-warn-text">{props.off}</p>}
    </form>
  );
}
