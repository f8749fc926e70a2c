'use client';
/** Taking a key back: at once and for good, and whom it stops. */
import type { ClientKeyView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { Modal } from '../../../_components/dialog.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { Ago } from '../../../_components/times.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useReload } from '../../../_data/reload.ts';

export function RevokeKey({ clientKey, onClose }: { clientKey: ClientKeyView | null; onClose: () => void }) {
  const revoke = useAct(api.clients.revoke.mutate);
  const reload = useReload();
  const submit = async () => {
    if (!clientKey || (await revoke.run({ ref: clientKey.id })) === null) return;
    reload('clients.list');
    onClose();
  };
  return (
    <Modal
      open={clientKey !== null}
      onClose={onClose}
      title={`Revoke ${clientKey?.name ?? ''}`}
      note="Its next call is answered 401. This cannot be undone; a revoked value stays revoked. Calls under way finish."
      foot={
        <>
          <ProblemLine problem={revoke.problem} />
          <div className="ml-auto flex gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="danger" disabled={revoke.busy} onClick={() => void submit()}>
              Revoke the key
            </Button>
          </div>
        </>
      }
    >
      <p className="text-12 text-fg-2">
        {clientKey?.lastUsedAtMs == null ? (
          'Nothing has used it yet.'
        ) : (
          <>
            Last used <Ago atMs={clientKey.lastUsedAtMs} />.
          </>
        )}
      </p>
    </Modal>
  );
}
