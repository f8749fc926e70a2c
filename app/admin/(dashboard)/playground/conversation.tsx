'use client';
/** What was said by both sides. The only things that move are the word "writing" and the caret. */
import { RotateCw } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Answer } from '../../../../lib/playground/answer.ts';
import { blocksOf } from '../../../../lib/playground/rich-text.ts';
import { Button } from '../../../_components/button.tsx';
import { CopyIcon } from '../../../_components/copy-button.tsx';
import { Dot } from '../../../_components/state-pill.tsx';
import type { Run } from './use-run.ts';
import type { ShownTurn } from './wish.ts';

const NEAR_END_PX = 80;

export function Conversation({
  turns,
  run,
  onAgain,
}: {
  turns: readonly ShownTurn[];
  run: Run | null;
  onAgain: () => void;
}) {
  const end = useFollow(run?.lastMs ?? 0, turns.length);
  const busy = run?.phase === 'asking' || run?.phase === 'writing';
  return (
    <div ref={end} className="min-h-0 flex-1 overflow-y-auto px-4 py-5 max-lg:min-h-60" tabIndex={-1}>
      <div className="mx-auto grid max-w-180 grid-cols-1 gap-5" role="log" aria-label="Conversation">
        {turns.length === 0 && (
          <p className="pt-14 text-center text-pretty text-fg-3">
            Ask something. It goes through this proxy as a client’s call would, with routing, failover and
            metering, and is charged like one.
          </p>
        )}
        {turns.map((turn, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: turns are only ever added at the end
          <Turn key={at} turn={turn} />
        ))}
        {busy && run && (
          <section aria-busy="true">
            <Who name={run.answer.servedModel ?? run.call.model}>
              <span className="flex items-center gap-1.5 font-medium text-acc-text">
                <Dot tone="busy" pulse />
                {run.phase === 'asking' ? 'waiting' : run.answer.text === '' ? 'thinking' : 'writing'}
              </span>
            </Who>
            <RichText text={run.answer.text} caret />
            <Pictures urls={run.answer.pictures} />
          </section>
        )}
        {run?.phase === 'failed' && (
          <div
            role="alert"
            className="flex flex-wrap items-center gap-3 rounded-control bg-bad-soft px-3 py-2.5"
          >
            <p className="min-w-0 flex-1 text-12 text-pretty text-bad-text">{run.problem?.message}</p>
            <Button size="small" onClick={onAgain}>
              <RotateCw size={13} />
              Try again
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** Stays at the end while somebody reads there, and lets them be when they have scrolled up. */
function useFollow(beat: number, turns: number) {
  const box = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onScroll = () => {
      near.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is new is a reason to look at the end
  useEffect(() => {
    if (near.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [beat, turns]);
  return box;
}

function Turn({ turn }: { turn: ShownTurn }) {
  return (
    <section>
      <Who name={turn.role === 'user' ? 'You' : (turn.model ?? 'Answer')} mono={turn.role === 'assistant'} />
      {turn.role === 'user' ? (
        <p className="text-14 leading-5.5 break-words whitespace-pre-wrap">{turn.text}</p>
      ) : (
        <RichText text={turn.text} />
      )}
      <Pictures urls={turn.pictures} />
      {turn.note !== null && <p className="pt-2 text-12 text-warn-text">{turn.note}</p>}
    </section>
  );
}

function Who({ name, mono = true, children }: { name: string; mono?: boolean; children?: ReactNode }) {
  return (
    <h3 className="flex items-center gap-2 pb-1 text-12 font-normal text-fg-3">
      <span className={mono ? 'font-mono' : ''}>{name}</span>
      {children}
    </h3>
  );
}

function RichText({ text, caret = false }: { text: string; caret?: boolean }) {
  const blocks = blocksOf(text);
  const mark = caret && (
    <span aria-hidden="true" className="ml-0.5 inline-block h-4 w-1.5 translate-y-0.5 bg-acc" />
  );
  return (
    <div className="grid grid-cols-1 gap-2.5 text-14 leading-5.5">
      {blocks.map((block, at) =>
        block.kind === 'code' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever added at the end
          <div key={at} className="relative rounded-control border bg-raised">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by key */}
            <pre tabIndex={0} className="overflow-x-auto p-3 pr-11 font-mono text-12 leading-5">
              {block.text}
            </pre>
            <CopyIcon text={block.text} label="Copy the code" className="absolute! top-1.5 right-1.5" />
          </div>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <p key={at} className="break-words whitespace-pre-wrap">
            {block.spans.map((span, place) =>
              span.code ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <code key={place} className="rounded-inner bg-raised px-1 py-0.5 font-mono text-12">
                  {span.text}
                </code>
              ) : (
                span.text
              ),
            )}
            {at === blocks.length - 1 && mark}
          </p>
        ),
      )}
      {blocks.at(-1)?.kind !== 'text' && mark && <p>{mark}</p>}
    </div>
  );
}

function Pictures({ urls }: { urls: Answer['pictures'] }) {
  return Object.entries(urls).map(([place, url]) => (
    // biome-ignore lint/performance/noImgElement: a data URL made here; nothing to optimise and nothing to fetch
    <img key={place} src={url} alt="Drawn by the model" className="mt-3 max-w-full rounded-control border" />
  ));
}
