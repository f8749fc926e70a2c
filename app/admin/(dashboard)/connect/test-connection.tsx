'use client';
/** Waits for the first call of the chosen key and says what came in: waiting, connected, or what went wrong. */
import { ArrowRight, Check, CircleAlert, RefreshCw } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatCallCost, formatCallTokens, formatDuration } from '../../../../lib/format.ts';
import type { ClientKeyView, RequestRowView } from '../../../../lib/wire/views.ts';
import { hueClass } from '../../../_components/account-mark.tsx';
import { Button } from '../../../_components/button.tsx';
import { CardHead } from '../../../_components/card.tsx';
import { type Choice, type ClientName, curl, FIRST_CALL } from '../../../_components/client-guides.ts';
import { CopyButton } from '../../../_components/copy-button.tsx';
import { useFirstCall } from '../../../_components/first-call.tsx';
import { outcomeOf } from '../../../_components/request-words.ts';
import { CommandLine } from '../../../_components/snippet.tsx';
import { Dot } from '../../../_components/state-pill.tsx';
import { clockTime, Elapsed } from '../../../_components/times.tsx';
import { useNow } from '../../../_data/now.ts';
import { useAccounts } from '../../../_data/resources.ts';

const LONG_MS = 60_000;

export function TestConnection(props: {
  client: ClientName;
  clientKey: ClientKeyView | null;
  model: string;
  choice: Choice;
}) {
  const { calls, sinceMs, again } = useFirstCall(props.clientKey?.id ?? null);
  const good = calls.find(({ outcome }) => outcome === 'delivered');
  const bad = calls.find(({ outcome }) => outcome !== null && outcome !== 'delivered');
  const { name } = FIRST_CALL[props.client];
  return (
    <section aria-label="Test connection" className="card min-w-0">
      <CardHead title="Test connection">
        {(good ?? bad) && (
          <Button look="quiet" size="small" onClick={again}>
            <RefreshCw size={13} />
            Again
          </Button>
        )}
      </CardHead>
      <div className="p-4" role="status">
        {good ? (
          <Connected calls={calls} at={good.startedAtMs} />
        ) : bad ? (
          <Failed call={bad} />
        ) : calls.length > 0 ? (
          <Tile icon={<Dot tone="busy" pulse className="size-2!" />} title="A call is coming in">
            {calls[0]?.model ?? 'It'} is being served.
          </Tile>
        ) : (
          <Waiting {...props} name={name} sinceMs={sinceMs} />
        )}
      </div>
    </section>
  );
}

function Tile(props: {
  icon: ReactNode;
  look?: string;
  title: string;
  time?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="flex gap-3">
      <span
        className={`grid size-8 shrink-0 place-items-center rounded-control ${props.look ?? 'bg-raised'}`}
        aria-hidden="true"
      >
        {props.icon}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline justify-between gap-3">
          <h3 className="font-medium">{props.title}</h3>
          {props.time !== undefined && <span className="text-11 text-fg-3">{props.time}</span>}
        </div>
        <p className="text-12 text-pretty text-fg-3">{props.children}</p>
      </div>
    </div>
  );
}

function Waiting(props: {
  client: ClientName;
  clientKey: ClientKeyView | null;
  model: string;
  choice: Choice;
  name: string;
  sinceMs: number;
}) {
  const run = FIRST_CALL[props.client].run;
  const long = (useNow() ?? props.sinceMs) - props.sinceMs > LONG_MS;
  if (!props.clientKey) {
    return (
      <Tile icon={<Dot tone="idle" className="size-2!" />} title="No client key yet">
        Make one with the plus above; the test then waits for its first call.
      </Tile>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-3">
      <Tile
        icon={<Dot tone="busy" pulse className="size-2!" />}
        title={`Waiting for ${props.name}`}
        time={
          <span aria-hidden="true">
            <Elapsed sinceMs={props.sinceMs} />
          </span>
        }
      >
        {run || props.client === 'curl'
          ? `Run this: the first call with the key ${props.clientKey.name} turns this green.`
          : `Start a program in that shell; its first call with the key ${props.clientKey.name} turns this green.`}
      </Tile>
      {props.client === 'curl' ? (
        <CommandLine code={curl(props.choice)} label="Copy the command" />
      ) : (
        run && <CommandLine code={[run]} label="Copy the command" />
      )}
      <p className="text-12 text-pretty text-fg-3">
        {long
          ? `Nothing came in with this key for a minute. Is the address right, and the key this one? A call with another key, or none, is answered 401 before it gets here.`
          : 'It is a real call and is charged as one.'}
      </p>
    </div>
  );
}

function Connected({ calls, at }: { calls: readonly RequestRowView[]; at: number }) {
  const { data: accounts } = useAccounts();
  const served = calls.filter(({ outcome }) => outcome === 'delivered').length;
  return (
    <>
      <Tile icon={<Check size={16} />} look="bg-ok-soft text-ok-text" title="Connected" time={clockTime(at)}>
        {served === 1 ? 'One call with this key, served.' : `${served} calls with this key, served.`}
      </Tile>
      <ul className="mt-3 border-t">
        {calls.map((call) => (
          <li key={call.id} className="flex justify-between gap-3 border-b py-2 text-11">
            <div className="min-w-0">
              <p className="flex items-center gap-2 font-mono text-12">
                <Dot tone={outcomeOf(call).tone} />
                <span className="truncate">{call.model ?? call.endpoint}</span>
              </p>
              <p
                className={`${hueClass(accounts?.find(({ id }) => id === call.accountId)?.hue ?? 0)} pl-3.5 text-fg-3`}
              >
                <span className="text-hue-text">{call.accountName}</span>
                {call.status !== null && ` · ${call.status}`}
              </p>
            </div>
            <div className="shrink-0 text-right">
              <p className="text-12">{formatCallCost(call)}</p>
              <p className="text-fg-3">
                {formatCallTokens(call)} tok · first {formatDuration(call.firstTokenMs)}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <Link
        href="/admin/requests"
        className="mt-3 inline-flex items-center gap-1.5 text-12 font-medium text-acc-text underline-offset-2 hover:underline"
      >
        See the requests
        <ArrowRight size={13} aria-hidden="true" />
      </Link>
    </>
  );
}

function Failed({ call }: { call: RequestRowView }) {
  const facts = [
    ['Call', call.endpoint],
    ['Model', call.model ?? 'not named'],
    [
      'Answered',
      [call.status, call.errorCode].filter((part) => part !== null).join(' ') || 'the client left',
    ],
    ['Tried', call.attempts === 1 ? 'one account' : `${call.attempts} accounts`],
  ] as const;
  return (
    <>
      <Tile
        icon={<CircleAlert size={16} />}
        look="bg-bad-soft text-bad-text"
        title={`It came in: ${outcomeOf(call).label.toLowerCase()}`}
        time={clockTime(call.startedAtMs)}
      >
        The client found us and its key is right; what failed is behind us. Requests has the whole story.
      </Tile>
      <dl className="grid gap-1.5 pt-3 text-12">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-3">
            <dt className="text-fg-3">{name}</dt>
            <dd className="truncate font-mono text-11 leading-4">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="-ml-2 flex items-center justify-between pt-2">
        <CopyButton text={JSON.stringify(call, null, 2)} label="Copy details" />
        <span className="flex items-center gap-2 text-11 text-fg-3">
          <Dot tone="busy" pulse />
          still listening
        </span>
      </div>
    </>
  );
}
