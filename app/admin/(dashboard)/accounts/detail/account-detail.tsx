'use client';
/**
 * One account, in the order of the questions: what is wrong and until when, how much is left, how did it get here, what
 * was learned, who pays, what failed, its keys, and the way out.
 */
import type { AccountView } from '../../../../../lib/wire/account-views.ts';
import { useAccountDeeds } from '../../../../_components/account-deeds.tsx';
import { LearnedCard } from '../../../../_components/account-learned.tsx';
import { ButtonLink } from '../../../../_components/button.tsx';
import { Empty } from '../../../../_components/empty.tsx';
import { LiveLine } from '../../../../_components/live-line.tsx';
import { Page } from '../../../../_components/page.tsx';
import { ProblemNote } from '../../../../_components/problem-note.tsx';
import { RangePick, useRange } from '../../../../_components/range-pick.tsx';
import { Bone } from '../../../../_components/skeleton.tsx';
import { useLiveAccounts } from '../../../../_data/live-accounts.ts';
import { useParam } from '../../../../_data/params.ts';
import { useAccountDetail } from '../../../../_data/resources.ts';
import { EditPanel } from '../edit-panel.tsx';
import { ProviderPanel } from '../provider-panel.tsx';
import { AccountHead } from './account-head.tsx';
import { ByModel } from './by-model.tsx';
import { Causes } from './causes.tsx';
import { Failovers } from './failovers.tsx';
import { Headroom } from './headroom.tsx';
import { DangerZone, Keys } from './keys-and-door.tsx';
import { LimitStrip } from './limit-strip.tsx';

const PARENT = { href: '/admin/accounts', name: 'Accounts' };

export function AccountDetail() {
  const [id] = useParam('id');
  const { data: accounts, problem, retry } = useLiveAccounts();
  const account = accounts?.find((one) => one.id === id);
  if (account) return <Known account={account} accounts={accounts ?? []} />;
  return (
    <Page title="Account" parent={PARENT} pending={!accounts && !problem}>
      <section aria-label="Account" className="card">
        {problem ? (
          <ProblemNote title="The account could not be read" problem={problem} retry={retry} />
        ) : accounts ? (
          <Empty title="No such account" action={<ButtonLink href={PARENT.href}>To the accounts</ButtonLink>}>
            It was removed, or the link is of another installation. Its past requests stay in the ledger.
          </Empty>
        ) : (
          <Bone className="h-75" />
        )}
      </section>
    </Page>
  );
}

function Known({ account, accounts }: { account: AccountView; accounts: readonly AccountView[] }) {
  const [range, setRange] = useRange();
  const [edit, setEdit] = useParam('edit');
  const [provider, setProvider] = useParam('provider');
  const deeds = useAccountDeeds({ panelsHere: true });
  const answer = useAccountDetail(account.id, range);
  return (
    <Page
      title={account.name}
      parent={PARENT}
      note={<LiveLine />}
      tools={<RangePick value={range} onChange={setRange} />}
    >
      <div className="grid grid-cols-1 gap-4">
        <AccountHead account={account} deeds={deeds} />
        <LimitStrip account={account} />
        <div className="grid grid-cols-1 gap-4 xl:grid-cols-[minmax(0,1fr)_352px] xl:items-start">
          <Headroom account={account} answer={answer} />
          <LearnedCard account={account} />
        </div>
        {answer.data || answer.problem ? (
          <>
            <ByModel answer={answer} />
            <div className="grid grid-cols-1 gap-4 xl:grid-cols-[minmax(0,1fr)_352px] xl:items-start">
              <Causes answer={answer} />
              <Failovers name={account.name} answer={answer} />
            </div>
          </>
        ) : (
          <Bone className="card h-75" />
        )}
        <div className="grid grid-cols-1 gap-4 xl:grid-cols-2 xl:items-start">
          <Keys account={account} deeds={deeds} />
          <DangerZone account={account} deeds={deeds} />
        </div>
      </div>
      {deeds.dialogs}
      <EditPanel account={edit === account.id ? account : null} onClose={() => setEdit(null)} />
      <ProviderPanel
        account={accounts.find((one) => one.id === provider) ?? null}
        onClose={() => setProvider(null)}
      />
    </Page>
  );
}
