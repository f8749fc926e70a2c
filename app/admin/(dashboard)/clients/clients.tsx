'use client';
/** The keys we hand out: which program may come in, what it may use, and how to take a key back. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { formatMoney } from '../../../../lib/format.ts';
import type { ClientKeyAddedView, ClientKeyView } from '../../../../lib/wire/views.ts';
import { wholeMoney } from '../../../_components/account-figures.ts';
import { Button } from '../../../_components/button.tsx';
import { CardFoot } from '../../../_components/card.tsx';
import { Empty } from '../../../_components/empty.tsx';
import { Page } from '../../../_components/page.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { useParam } from '../../../_data/params.ts';
import { useClientKeys } from '../../../_data/resources.ts';
import { ClientList, type KeyDeed } from './client-list.tsx';
import { CreateKey } from './create-key.tsx';
import { EditKey, ResetUse } from './edit-key.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { ShownOnce } from './shown-once.tsx';

type Show = 'active' | 'revoked' | 'all';

const isShown = (key: ClientKeyView, show: Show): boolean =>
  show === 'all' || (show === 'active') === (key.revokedAtMs === null);

export function Clients() {
  const { data: keys, problem, retry } = useClientKeys();
  const [creating, setCreating] = useParam('new');
  const [filter, setFilter] = useParam('show');
  const [made, setMade] = useState<ClientKeyAddedView | null>(null);
  const [doing, setDoing] = useState<{ readonly deed: KeyDeed; readonly key: ClientKeyView } | null>(null);
  const revoke = (key: ClientKeyView) => setDoing({ deed: 'revoke', key });
  const done = () => setDoing(null);
  const show: Show = filter === 'revoked' || filter === 'all' ? filter : 'active';
  return (
    <Page
      title="Client keys"
      note={<span className="text-12 text-fg-3">{keys ? summary(keys) : ''}</span>}
      primary={
        <Button look="primary" onClick={() => setCreating('1')}>
          <Plus size={15} />
          New key
        </Button>
      }
    >
      <section aria-label="Client keys" className="card">
        <div className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2.5">
          <Segmented
            label="Show"
            value={show}
            onChange={(next) => setFilter(next === 'active' ? null : next)}
            options={[
              { value: 'active', label: 'Active' },
              { value: 'revoked', label: 'Revoked' },
              { value: 'all', label: 'All' },
            ]}
          />
          <p className="text-12 text-fg-3">
            A key opens this proxy only. It never contains an account&rsquo;s key.
          </p>
        </div>
        {problem && !keys ? (
          <ProblemNote title="The client keys could not be read" problem={problem} retry={retry} />
        ) : keys?.length === 0 ? (
          <Empty title="No client key yet" hint="npm run -s cam -- keys add opencode">
            Make one for each program; until then every call is answered 401 with how to make one.
          </Empty>
        ) : (
          <ClientList
            keys={keys?.filter((key) => isShown(key, show))}
            onDeed={(deed, key) => setDoing({ deed, key })}
          />
        )}
        <Guessable keys={keys ?? []} onRevoke={revoke} />
      </section>
      <CreateKey
        open={creating !== null}
        onClose={() => setCreating(null)}
        onMade={(view) => {
          setCreating(null);
          setMade(view);
        }}
      />
      <ShownOnce made={made} onDone={() => setMade(null)} />
      <RevokeKey clientKey={doing?.deed === 'revoke' ? doing.key : null} onClose={done} />
      {doing?.deed === 'edit' && <EditKey clientKey={doing.key} onClose={done} />}
      {doing?.deed === 'reset' && <ResetUse clientKey={doing.key} onClose={done} />}
    </Page>
  );
}

function summary(keys: readonly ClientKeyView[]): string {
  const active = keys.filter(({ revokedAtMs }) => revokedAtMs === null).length;
  const costs = keys.map(({ today }) => today.cost).filter((cost) => cost !== null);
  const spent =
    costs.length === 0 ? '' : ` · ${formatMoney(costs.reduce((sum, cost) => sum + cost, 0))} today`;
  return `${active} active${spent}`;
}

/** Explained once, with its price and the way out. */
function Guessable(props: { keys: readonly ClientKeyView[]; onRevoke: (key: ClientKeyView) => void }) {
  const open = props.keys.find(({ guessable, revokedAtMs }) => guessable && revokedAtMs === null);
  if (!open) return null;
  const day = open.limits.day?.cost;
  return (
    <CardFoot>
      <p className="max-w-[80ch] text-pretty">
        <b className="font-medium text-fg">
          <bdi>{open.name}</bdi> is guessable.
        </b>{' '}
        Any program on this machine can spend with it,{' '}
        {day === undefined ? 'without a limit' : `up to ${wholeMoney(day)} a day`}.
      </p>
      <Button look="link" onClick={() => props.onRevoke(open)}>
        Revoke
      </Button>
    </CardFoot>
  );
}
