'use client';
/** What a call said and was answered, where that was captured: read only when somebody asks for it. */
import { Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { curlText } from '../../../../lib/curl-text.ts';
import { askedAgain } from '../../../../lib/playground/from-body.ts';
import type { CapturedView } from '../../../../lib/wire/usage-views.ts';
import type { RequestView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { CopyButton, CopyIcon } from '../../../_components/copy-button.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { useBodies, useStatus } from '../../../_data/resources.ts';
import { useWish } from '../playground/wish.ts';

export function Bodies({ call }: { call: RequestView }) {
  const [shown, setShown] = useState(false);
  const { data, problem, retry } = useBodies(shown ? call.id : null);
  if (!shown) return <Button onClick={() => setShown(true)}>Show what was said</Button>;
  if (problem && data === undefined)
    return <ProblemNote title="It could not be read" problem={problem} retry={retry} />;
  if (data === undefined) return <Bone className="h-24" />;
  if (data === null) return <p className="text-12 text-fg-2">Its time is over: nothing is kept any more.</p>;
  return (
    <div className="grid gap-3">
      {data.request !== null && !data.requestCut && <Again call={call} request={data.request} />}
      <Body
        title="Asked"
        text={data.request ?? 'Streamed through as it came, and not kept.'}
        cut={data.requestCut}
      />
      <Body title="Answered" text={data.response} cut={data.responseCut} />
    </div>
  );
}

/** The whole of what was asked, to be asked again: in a terminal, or in the Playground as far as it fits. */
function Again({ call, request }: { call: RequestView; request: NonNullable<CapturedView['request']> }) {
  const router = useRouter();
  const endpoint = useStatus().data?.endpoint ?? '';
  const { set, value: wish } = useWish();
  const again = askedAgain(call.endpoint, request);
  const replay = () => {
    if (again === null) return;
    const { leftOut: _named, turns, ...settings } = again;
    const last = turns.at(-1);
    const asks = last?.role === 'user';
    set({
      ...settings,
      account: null,
      draws: false,
      conversation: '',
      typed: asks ? last.text : '',
      turns: (asks ? turns.slice(0, -1) : turns).map((turn) => ({
        ...turn,
        model: turn.role === 'assistant' ? again.model : null,
        pictures: {},
        note: null,
      })),
    });
    router.push('/admin/playground');
  };
  const path = call.endpoint.replace(/^[A-Z]+ /, '');
  return (
    <div>
      <div className="flex flex-wrap gap-2">
        <CopyButton
          look="plain"
          label="Copy as curl"
          text={curlText({ url: `${endpoint}${path}`, body: request, stream: call.stream })}
        />
        {again && (
          <Button size="small" onClick={replay}>
            <Play size={14} />
            Open in Playground
          </Button>
        )}
      </div>
      {again && (
        <p className="pt-1.5 text-11 text-fg-3 empty:hidden">
          {again.leftOut.length > 0 && `The Playground leaves out ${again.leftOut.join(', ')}. `}
          {wish.turns.length > 0 && 'It takes the place of the conversation that is there.'}
        </p>
      )}
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
