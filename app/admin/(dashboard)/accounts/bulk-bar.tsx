'use client';
/** What can be done with several accounts at once. They are taken one after the other, and each says how it went. */
import { X } from 'lucide-react';
import { useState } from 'react';
import { formatCountOf } from '../../../../lib/format.ts';
import type { AccountView } from '../../../../lib/wire/account-views.ts';
import { Button } from '../../../_components/button.tsx';
import { api } from '../../../_data/api.ts';
import { readProblem } from '../../../_data/problem.ts';
import { useReload } from '../../../_data/reload.ts';
import { useSession } from '../../../_data/session.tsx';

type Deed = 'test' | 'enable' | 'disable';

interface Result {
  readonly id: string;
  readonly name: string;
  readonly ok: boolean;
  readonly words: string;
}

const DOING: Readonly<Record<Deed, string>> = {
  test: 'Testing',
  enable: 'Enabling',
  disable: 'Disabling',
};

export function BulkBar(props: { accounts: readonly AccountView[]; onClear: () => void }) {
  const { accounts, onClear } = props;
  const { endedBy } = useSession();
  const reload = useReload();
  const [busy, setBusy] = useState<{ readonly deed: Deed; readonly name: string } | null>(null);
  const [results, setResults] = useState<readonly Result[]>([]);
  const run = async (deed: Deed, on: readonly AccountView[]) => {
    setResults([]);
    for (const { id, name } of on) {
      setBusy({ deed, name });
      try {
        const { ok, words } = await doOne(deed, id);
        setResults((before) => [...before, { id, name, ok, words }]);
      } catch (error) {
        if (endedBy(error)) break;
        setResults((before) => [...before, { id, name, ok: false, words: readProblem(error).message }]);
      }
    }
    setBusy(null);
    reload('accounts.list', 'models.list');
  };
  const off = accounts.filter(({ enabled }) => !enabled);
  const on = accounts.filter(({ enabled }) => enabled);
  return (
    <section
      aria-label="Selected accounts"
      className="card sticky bottom-4 z-20 mt-3 px-4 py-2.5 shadow-pop max-lg:bottom-20"
    >
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="mr-auto text-12 text-fg-2">
          {busy
            ? `${DOING[busy.deed]} ${busy.name}…`
            : `${formatCountOf(accounts.length, 'account')} selected`}
        </p>
        <Button
          aria-keyshortcuts="Shift+T"
          disabled={busy !== null}
          onClick={() => void run('test', accounts)}
        >
          Test
        </Button>
        <Button
          aria-keyshortcuts="e"
          disabled={busy !== null || off.length === 0}
          onClick={() => void run('enable', off)}
        >
          Enable
        </Button>
        <Button
          aria-keyshortcuts="d"
          disabled={busy !== null || on.length === 0}
          onClick={() => void run('disable', on)}
        >
          Disable
        </Button>
        <button
          type="button"
          aria-label="Select none"
          onClick={onClear}
          className="hit grid size-7 place-items-center rounded-inner text-fg-3 hover:text-fg"
        >
          <X size={16} strokeWidth={1.75} aria-hidden="true" />
        </button>
      </div>
      {results.length > 0 && (
        <ul aria-label="Results" className="max-h-40 overflow-y-auto pt-1.5 text-12">
          {results.map(({ id, name, ok, words }) => (
            <li key={id} className="flex gap-2 py-0.5">
              <bdi className="max-w-48 shrink-0 truncate font-medium">{name}</bdi>
              <span className={ok ? 'text-fg-2' : 'text-bad-text'}>{words}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

async function doOne(deed: Deed, ref: string): Promise<Pick<Result, 'ok' | 'words'>> {
  if (deed === 'test') {
    const { ok, message } = await api.accounts.test.mutate({ ref });
    return { ok, words: message };
  }
  await api.accounts[deed].mutate({ ref });
  return {
    ok: true,
    words: deed === 'enable' ? 'Enabled: it takes calls again.' : 'Disabled: its calls go elsewhere.',
  };
}
