'use client';
/** What an import would do: one row a thing, and every new or changed base URL by itself, to be ticked. */
import { formatCount } from '../../lib/format.ts';
import type { DifferenceView, MovedKind, MoveRow, MoveState } from '../../lib/wire/moving-views.ts';

const STATES: readonly (readonly [MoveState, string, string])[] = [
  ['new', 'New', 'text-ok-text'],
  ['changed', 'Changed', 'text-warn-text'],
  ['removed', 'Removed', 'text-bad-text'],
  ['refused', 'Refused', 'text-bad-text'],
  ['same', 'Same', 'text-fg-3'],
];

const KINDS: Record<MovedKind, string> = { account: 'account', client_key: 'client key', setting: 'setting' };

export function DifferenceRows({ difference }: { difference: DifferenceView }) {
  return (
    <div className="divide-y">
      {STATES.map(([state, word, tone]) => {
        const rows = difference.rows.filter((row) => row.state === state);
        if (rows.length === 0) return null;
        return (
          <section key={state} aria-label={word} className="flex gap-4 py-2.5 max-sm:block">
            <h3 className={`w-20 shrink-0 text-12 font-medium ${tone}`}>
              {word} <span className="font-normal text-fg-3">{formatCount(rows.length)}</span>
            </h3>
            {state === 'same' ? (
              <p className="min-w-0 text-12 text-fg-3">
                {rows.map(({ name }) => name).join(', ')}. Left as they are.
              </p>
            ) : (
              <ul className="grid min-w-0 flex-1 gap-2">
                {rows.map((row) => (
                  <Row key={`${row.kind} ${row.at} ${row.name}`} row={row} />
                ))}
              </ul>
            )}
          </section>
        );
      })}
    </div>
  );
}

function Row({ row }: { row: MoveRow }) {
  const at = row.at === null || row.at === row.name ? '' : `, ${row.at}`;
  return (
    <li className="min-w-0 text-12">
      <span className="break-words">
        <b className="font-medium">{row.name}</b>{' '}
        <span className="text-fg-3">
          {KINDS[row.kind]}
          {at}
        </span>
      </span>
      {row.changes.map(({ field, from, to }) => (
        <span key={field} className="block break-words text-fg-2">
          {field}: {from ?? 'none'} → {to ?? 'none'}
        </span>
      ))}
      {row.why !== null && <span className="block text-pretty text-fg-3">{row.why}</span>}
    </li>
  );
}

export function BaseUrlTicks(props: {
  difference: DifferenceView;
  ticked: ReadonlySet<string>;
  onTick: (name: string, on: boolean) => void;
}) {
  const { baseUrls } = props.difference;
  if (baseUrls.length === 0) return null;
  return (
    <fieldset className="border-t pt-3 pb-1">
      <legend className="sr-only">Base URLs to accept</legend>
      <p className="text-12 font-medium">Where keys would be sent</p>
      <p className="pb-2 text-12 text-pretty text-fg-3">
        Tick each address that you know. An account whose address is not ticked is left out.
      </p>
      <ul className="grid gap-1">
        {baseUrls.map(({ name, from, to, allowLocal }) => (
          <li key={name}>
            <label className="flex min-h-8 items-start gap-2.5 py-1 text-12 max-sm:min-h-11">
              <input
                type="checkbox"
                className="tick mt-0.5"
                checked={props.ticked.has(name)}
                onChange={(event) => props.onTick(name, event.target.checked)}
              />
              <span className="min-w-0">
                <b className="font-medium">{name}</b>{' '}
                <span className="font-mono break-all">
                  {from !== null && from !== to && <span className="text-fg-3">{from} → </span>}
                  {to}
                </span>
                {allowLocal && (
                  <span className="block text-warn-text">Addresses of this computer are allowed.</span>
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
