'use client';
/** Removing an account: the consequence in words, and its name typed, because its key cannot be brought back. */
import { useEffect, useRef, useState } from 'react';
import type { AccountView } from '../../lib/wire/account-views.ts';
import { api } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';
import { useReload } from '../_data/reload.ts';
import { Button } from './button.tsx';
import { Modal } from './dialog.tsx';
import { Field } from './field.tsx';
import { ProblemLine } from './problem-note.tsx';

export function AccountRemoval({ account, onClose }: { account: AccountView | null; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const reload = useReload();
  const remove = useAct(api.accounts.remove.mutate);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another account is another name to type
  useEffect(() => setTyped(''), [account?.id]);
  const name = account?.name ?? '';
  const sure = account !== null && typed.trim() === name.trim();
  const submit = async () => {
    if (!sure || (await remove.run({ ref: account.id })) === null) return;
    reload('accounts.list', 'models.list', 'usage.summary');
    onClose();
  };
  return (
    <Modal
      open={account !== null}
      onClose={onClose}
      title={`Remove ${name}`}
      note="Its key is deleted from the vault and cannot be brought back. Calls under way finish; its sessions go to other accounts. Its past requests stay in the ledger."
      initialFocus={field}
      foot={
        <>
          <ProblemLine problem={remove.problem} />
          <div className="ml-auto flex gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="danger" disabled={!sure || remove.busy} onClick={() => void submit()}>
              Remove the account
            </Button>
          </div>
        </>
      }
    >
      <Field
        label={
          <>
            Type <b className="font-semibold break-words">{name}</b> to remove it
          </>
        }
      >
        {(parts) => (
          <input
            {...parts}
            ref={field}
            className="inp"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && void submit()}
          />
        )}
      </Field>
    </Modal>
  );
}
