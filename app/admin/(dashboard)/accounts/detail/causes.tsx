'use client';
/** What failed there, most frequent first, and what became of the calls: how many of them a client was told of. */
import { formatCount } from '../../../../../lib/format.ts';
import type { AccountCauseView, AccountDetailView } from '../../../../../lib/wire/account-detail-views.ts';
import { CardHead } from '../../../../_components/card.tsx';
import { type FigureColumn, FigureTable } from '../../../../_components/figure-table.tsx';
import { ProblemNote } from '../../../../_components/problem-note.tsx';
import { Ago } from '../../../../_components/times.tsx';
import type { Answer } from '../../../../_data/ask.ts';

/** Who has to act: the account's owner, the client, or the provider. */
const WHOSE: Readonly<Record<AccountCauseView['class'], string>> = {
  caller_fault: 'Client',
  policy: 'Client',
  state_elsewhere: 'Client',
  rate_limit: 'Account',
  too_large_for_limit: 'Account',
  quota: 'Account',
  credential: 'Account',
  scope: 'Account',
  silence: 'Provider',
  overload: 'Provider',
  proxy: 'Network',
  connect: 'Network',
  unknown: 'Provider',
};

const COLUMNS: readonly FigureColumn<AccountCauseView>[] = [
  {
    name: 'Cause',
    words: true,
    cell: ({ summary, code, status }) => (
      <div className="max-w-90 min-w-50 py-1.5 whitespace-normal">
        <div className="text-pretty">{summary === '' ? code : summary}</div>
        <div className="font-mono text-11 break-all text-fg-3">{sayCode(status, code)}</div>
      </div>
    ),
  },
  { name: 'Up to', words: true, cell: (cause) => WHOSE[cause.class] },
  { name: 'Times', cell: ({ attempts }) => formatCount(attempts) },
  { name: 'Last', cell: ({ lastAtMs }) => <Ago atMs={lastAtMs} /> },
  {
    name: 'What became of the calls',
    words: true,
    cell: (cause) => <span className="whitespace-normal">{sayFate(cause)}</span>,
  },
];

export function Causes({ answer: { data, problem, retry } }: { answer: Answer<AccountDetailView> }) {
  return (
    <section aria-label="Errors by cause" className="card min-w-0">
      <CardHead title="Errors by cause" note={data ? saySum(data.causes) : ''} />
      {problem && !data ? (
        <ProblemNote title="The failures could not be read" problem={problem} retry={retry} />
      ) : data?.causes.length === 0 ? (
        <p className="px-4 py-4 text-12 text-fg-2">Nothing failed there in that time.</p>
      ) : (
        <FigureTable
          label="Failures"
          rows={data?.causes ?? []}
          columns={COLUMNS}
          keyOf={(cause) => `${cause.class} ${cause.code} ${cause.status ?? ''}`}
        />
      )}
    </section>
  );
}

/** Where a provider gave no code of its own, it is the status again. */
function sayCode(status: number | null, code: string): string {
  return status === null || code === String(status) ? code : `${status} ${code}`;
}

function saySum(causes: readonly AccountCauseView[]): string {
  const all = causes.reduce((sum, { attempts }) => sum + attempts, 0);
  const told = causes.reduce((sum, cause) => sum + cause.told, 0);
  return all === 0 ? '' : `${formatCount(all)} · ${formatCount(all - told)} never reached a client`;
}

function sayFate({ elsewhere, here, left, told }: AccountCauseView): string {
  const parts = [
    elsewhere > 0 && `${formatCount(elsewhere)} answered by other accounts`,
    here > 0 && `${formatCount(here)} answered here after another try`,
    left > 0 && `${formatCount(left)} left by the client`,
    told > 0 && `${formatCount(told)} passed on to the client`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}
