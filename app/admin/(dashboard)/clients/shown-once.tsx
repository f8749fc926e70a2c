'use client';
/** The only time a client key is seen: we keep a digest. No way out but Done, so that it is not lost by a slip. */
import Link from 'next/link';
import type { ClientKeyAddedView, ClientKeyView } from '../../../../lib/wire/views.ts';
import { wholeMoney } from '../../../_components/account-figures.ts';
import { Button } from '../../../_components/button.tsx';
import { CopyButton } from '../../../_components/copy-button.tsx';
import { Modal } from '../../../_components/dialog.tsx';
import { dayMonthYear } from '../../../_components/times.tsx';
import { useSession } from '../../../_data/session.tsx';

export function ShownOnce({ made, onDone }: { made: ClientKeyAddedView | null; onDone: () => void }) {
  const { freshKeys } = useSession();
  const key = made?.clientKey;
  return (
    <Modal
      insistent
      wide
      open={made !== null}
      onClose={onDone}
      title={`Key for ${key?.name ?? ''}`}
      note="Copy it now. It is shown this once: we keep a digest, not the key."
      foot={
        <>
          {made && (
            <Link
              href={`/admin/connect?key=${made.clientKey.id}`}
              className="text-12 font-medium text-acc-text underline-offset-2 hover:underline"
              onClick={() => freshKeys.set(made.clientKey.id, made.key)}
            >
              Connect a client with it →
            </Link>
          )}
          <Button className="ml-auto" onClick={onDone}>
            Done
          </Button>
        </>
      }
    >
      <div className="flex items-center gap-3 rounded-control border bg-raised py-1.5 pr-1.5 pl-3">
        <code className="min-w-0 flex-1 font-mono text-12 break-all" translate="no">
          {made?.key}
        </code>
        <CopyButton text={made?.key ?? ''} look="primary" size="normal" />
      </div>
      {key && <Facts clientKey={key} />}
    </Modal>
  );
}

function Facts({ clientKey: { models, limits, expiresAtMs } }: { clientKey: ClientKeyView }) {
  const money = (amount: number | undefined) => (amount === undefined ? 'No limit' : wholeMoney(amount));
  const facts = [
    [
      'Models',
      models.length === 0 ? 'All' : `${models.length} ${models.length === 1 ? 'pattern' : 'patterns'}`,
    ],
    ['A day', money(limits.day?.cost)],
    ['A month', money(limits.month?.cost)],
    ['Expires', expiresAtMs === null ? 'Never' : dayMonthYear(expiresAtMs)],
  ] as const;
  return (
    <dl className="grid grid-cols-4 gap-y-3 pt-4 text-12 max-sm:grid-cols-2">
      {facts.map(([name, value]) => (
        <div key={name} className="border-l pl-3 first:border-l-0 first:pl-0 max-sm:border-l-0 max-sm:pl-0">
          <dt className="text-11 text-fg-3">{name}</dt>
          <dd className="font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
