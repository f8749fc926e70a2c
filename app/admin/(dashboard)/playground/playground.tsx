'use client';
/** A conversation through our own `/v1`, with everything that a call is made of in sight. Real calls, real cost. */
import { ChevronDown, Code, Eraser } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { PlaygroundCall } from '../../../../lib/playground/call-body.ts';
import { SNIPPETS, snippet } from '../../../../lib/playground/snippets.ts';
import { ButtonLink, IconButton } from '../../../_components/button.tsx';
import { CopyButton } from '../../../_components/copy-button.tsx';
import { Empty } from '../../../_components/empty.tsx';
import { MenuButton } from '../../../_components/menu.tsx';
import { preferredModel, talkingModels } from '../../../_components/model-choice.ts';
import { Page } from '../../../_components/page.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { useLink } from '../../../_data/live.tsx';
import { useParam } from '../../../_data/params.ts';
import { useAccounts, useModelPrice, useModels, useStatus } from '../../../_data/resources.ts';
import { useMedia } from '../../../_data/wide.ts';
import { Composer } from './composer.tsx';
import { Controls } from './controls.tsx';
import { Conversation } from './conversation.tsx';
import { Figures } from './figures.tsx';
import { RawEvents } from './raw-events.tsx';
import { type Run, useRunner } from './use-run.ts';
import { type ShownTurn, tokensOf, useWish, type Wish } from './wish.ts';

const APIS = [
  { value: 'responses', label: 'Responses' },
  { value: 'chat', label: 'Chat' },
] as const;

export function Playground() {
  const { value: wish, set } = useWish();
  useGivenWords(wish, set);
  const { run, send, stop, forget } = useRunner();
  const [tab, setTab] = useState<'conversation' | 'raw'>('conversation');
  const { data: status } = useStatus();
  const { data: models } = useModels();
  const { data: accounts, problem, retry } = useAccounts();
  const model = wish.model || preferredModel(models ?? []);
  const price = useModelPrice(model).data?.models[0];
  const wide = useMedia('(min-width: 1024px)');
  const { phase } = useLink();
  const busy = run?.phase === 'asking' || run?.phase === 'writing';
  const account = accounts?.some(({ id }) => id === wish.account) ? wish.account : null;
  const call = callOf(wish, model);

  const ask = async (turns: readonly ShownTurn[]) => {
    const conversation = wish.conversation || crypto.randomUUID();
    set({ turns, typed: '', conversation });
    const ended = await send({ ...call, turns, conversation }, account);
    const answered = answeredBy(ended);
    if (answered) set({ turns: [...turns, answered] });
  };
  const clear = () => {
    forget();
    set({ turns: [], conversation: '' });
  };
  const controls = (
    <Controls
      wish={wish}
      set={set}
      model={model}
      models={talkingModels(models ?? [])}
      price={price}
      accounts={accounts ?? []}
    />
  );
  return (
    <Page
      title="Playground"
      note={
        <span className="text-12 text-fg-3">Real calls, real cost; booked under the name Playground</span>
      }
      tools={
        <>
          <Segmented label="Endpoint" value={wish.api} options={APIS} onChange={(api) => set({ api })} />
          <MenuButton
            label="Copy code"
            className="inline-flex h-8 items-center gap-2 rounded-control border bg-surface px-3 text-12 font-medium shadow-card hover:bg-raised"
            items={SNIPPETS.map((name) => ({
              label: name,
              onPick: () =>
                void navigator.clipboard.writeText(
                  snippet(name, status?.endpoint ?? '', withTyped(call, wish)),
                ),
            }))}
          >
            <Code size={14} />
            Copy code
          </MenuButton>
          <IconButton label="Start anew" onClick={clear} disabled={wish.turns.length === 0}>
            <Eraser size={15} strokeWidth={1.75} />
          </IconButton>
        </>
      }
    >
      {problem && !accounts ? (
        <section className="card">
          <ProblemNote title="The accounts could not be read" problem={problem} retry={retry} />
        </section>
      ) : accounts?.length === 0 ? (
        <section className="card">
          <Empty title="No account yet">
            <span className="grid justify-items-center gap-4">
              Add one, and you can talk through it here.
              <ButtonLink look="primary" href="/admin/accounts?add=1">
                Add an account
              </ButtonLink>
            </span>
          </Empty>
        </section>
      ) : (
        <div className="grid grid-cols-1 gap-4 lg:h-[calc(100dvh-104px)] lg:min-h-140 lg:grid-cols-[minmax(0,1fr)_304px]">
          <section aria-label="Call" className="card flex min-h-0 min-w-0 flex-col">
            <Tabs tab={tab} onTab={setTab} events={run?.events.length ?? 0}>
              <CopyButton text={tab === 'raw' ? rawText(run) : lastAnswer(wish, run)} />
            </Tabs>
            {!wide && (
              <details className="border-b">
                <summary className="flex min-h-11 cursor-pointer items-center gap-2 px-4 text-12">
                  <span className="font-mono">{model}</span>
                  <span className="text-fg-3">
                    {account === null ? (
                      'Auto account'
                    ) : (
                      <bdi>{accounts?.find(({ id }) => id === account)?.name}</bdi>
                    )}
                    {` · ${wish.effort === 'default' ? 'default effort' : wish.effort}${wish.stream ? ', streamed' : ''}`}
                  </span>
                  <ChevronDown size={14} className="ml-auto text-fg-3" aria-hidden="true" />
                </summary>
                {controls}
              </details>
            )}
            {tab === 'raw' ? (
              <RawEvents run={run} />
            ) : (
              <Conversation turns={wish.turns} run={run} onAgain={() => void ask(wish.turns)} />
            )}
            <Composer
              typed={wish.typed}
              follows={wish.turns.length > 0}
              busy={busy}
              off={
                tokensOf(wish.tokensOutMax) === undefined
                  ? '“Most tokens out” is no number of tokens.'
                  : phase === 'offline'
                    ? 'The server does not answer.'
                    : null
              }
              onType={(typed) => set({ typed })}
              onSend={() => void ask([...wish.turns, userTurn(wish.typed)])}
              onStop={stop}
            />
            <Figures run={run} />
          </section>
          {wide && (
            <section aria-label="Settings of the call" className="card min-h-0 overflow-y-auto">
              {accounts && models && controls}
            </section>
          )}
        </div>
      )}
    </Page>
  );
}

/** Words that a link brings are typed, never sent; what somebody has typed or said here stays. */
function useGivenWords({ typed, turns }: Wish, set: (patch: Partial<Wish>) => void) {
  const [given, setGiven] = useParam('say');
  const free = typed === '' && turns.length === 0;
  useEffect(() => {
    if (given === null) return;
    if (free) set({ typed: given.slice(0, GIVEN_MAX) });
    setGiven(null);
  }, [given, free, set, setGiven]);
}

const GIVEN_MAX = 500;

function Tabs(props: {
  tab: 'conversation' | 'raw';
  onTab: (tab: 'conversation' | 'raw') => void;
  events: number;
  children: React.ReactNode;
}) {
  const look = (mine: string) =>
    `h-12 border-b-2 text-13 ${props.tab === mine ? 'border-fg font-semibold' : 'border-transparent text-fg-2 hover:text-fg'}`;
  return (
    <header className="flex items-center gap-5 border-b px-4">
      <button
        type="button"
        aria-pressed={props.tab === 'conversation'}
        className={look('conversation')}
        onClick={() => props.onTab('conversation')}
      >
        Conversation
      </button>
      <button
        type="button"
        aria-pressed={props.tab === 'raw'}
        className={look('raw')}
        onClick={() => props.onTab('raw')}
      >
        Raw events
        {props.events > 0 && <span className="pl-1.5 text-11 font-normal text-fg-3">{props.events}</span>}
      </button>
      <div className="ml-auto">{props.children}</div>
    </header>
  );
}

const userTurn = (text: string): ShownTurn => ({
  role: 'user',
  text: text.trim(),
  model: null,
  pictures: {},
  note: null,
});

/** Null when nothing was said at all: the question stands, and can be asked again. */
function answeredBy({ answer, phase, problem, call }: Run): ShownTurn | null {
  const { pictures } = answer;
  if (answer.text === '' && Object.keys(pictures).length === 0 && phase !== 'done') return null;
  const stopped = phase === 'stopped' ? 'Stopped by you.' : null;
  const note = stopped ?? (phase === 'done' ? (problem?.message ?? null) : 'It broke off here.');
  return { role: 'assistant', text: answer.text, model: answer.servedModel ?? call.model, pictures, note };
}

function callOf(wish: Wish, model: string): PlaygroundCall {
  return {
    api: wish.api,
    model,
    effort: wish.effort === 'default' ? null : wish.effort,
    stream: wish.stream,
    tokensOutMax: tokensOf(wish.tokensOutMax) ?? null,
    instructions: wish.instructions,
    draws: wish.draws && wish.api === 'responses',
    turns: wish.turns,
    conversation: wish.conversation,
  };
}

/** What is typed goes along; a snippet that asks nothing would be of no use. */
function withTyped(call: PlaygroundCall, { turns, typed }: Wish): PlaygroundCall {
  const conversation = call.conversation || 'my-conversation';
  if (typed.trim() !== '') return { ...call, conversation, turns: [...turns, userTurn(typed)] };
  return { ...call, conversation, turns: turns.length > 0 ? turns : [userTurn('say hi')] };
}

const rawText = (run: Run | null): string =>
  (run?.events ?? [])
    .map(({ atMs, type, data }) => `${(atMs / 1_000).toFixed(3)}\t${type}\t${data}`)
    .join('\n');

const lastAnswer = ({ turns }: Wish, run: Run | null): string =>
  run?.answer.text || (turns.findLast(({ role }) => role === 'assistant')?.text ?? '');
