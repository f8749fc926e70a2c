'use client';
/** What a call said and was answered, where that was captured: read only when somebody asks for it. */
import { useState } from 'react';
import { Button } from '../../../_components/button.tsx';
import { CopyIcon } from '../../../_components/copy-button.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { useBodies } from '../../../_data/resources.ts';

export function Bodies({ id }: { id: string }) {
  const [shown, setShown] = useState(false);
  const { data, problem, retry } = useBodies(shown ? id : null);
  if (!shown) return <Button onClick={() => setShown(true)}>Show what was said</Button>;
  if (problem && data === undefined)
    return <ProblemNote title="It could not be read" problem={problem} retry={retry} />;
  if (data === undefined) return <Bone className="h-24" />;
  if (data === null) return <p className="text-12 text-fg-2">Its time is over: nothing is kept any more.</p>;
  return (
    <div className="grid gap-3">
      <Body
        title="Asked"
        text={data.request ?? 'Streamed through as it came, and not kept.'}
        cut={data.requestCut}
      />
      <Body title="Answered" text={data.response} cut={data.responseCut} />
    </div>
  );
}

function Body({ title, text, cut }: { title: string; text: string; cut: boolean }) {
  return (
    <section aria-label={title}>
      <header className="flex items-center justify-between text-12 text-fg-2">
        {title}
        <CopyIcon text={text} label={`Copy what was ${title.toLowerCase()}`} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div tabIndex={0} className="max-h-80 overflow-auto rounded-control border bg-raised p-3">
        <pre className="font-mono text-11 leading-4 break-words whitespace-pre-wrap">{text}</pre>
      </div>
      {cut && <p className="pt-1 text-11 text-fg-3">The rest was not kept.</p>}
    </section>
  );
}
