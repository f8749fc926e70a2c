'use client';
/** About what: a kind, or one account or client key. */
import { setParams } from '../../../_data/params.ts';
import { useAccounts, useClientKeys } from '../../../_data/resources.ts';

const KINDS = [
  ['account', 'Accounts'],
  ['client_key', 'Client keys'],
  ['setting', 'Settings'],
  ['vault', 'Vault and sign-ins'],
] as const;
export type AuditKind = (typeof KINDS)[number][0];

export const isAuditKind = (text: string): text is AuditKind => KINDS.some(([kind]) => kind === text);

export function AuditFilter({ kind, objectId }: { kind: AuditKind | null; objectId: string | null }) {
  const { data: accounts = [] } = useAccounts();
  const { data: keys = [] } = useClientKeys();
  const known = [...accounts, ...keys].some(({ id }) => id === objectId);
  const pick = (value: string): void => {
    const about = isAuditKind(value) ? value : null;
    setParams({ about, object: about === null && value !== '' ? value : null, before: null });
  };
  return (
    <select
      aria-label="About what"
      className="inp w-auto! max-w-52 min-w-0 text-12"
      value={objectId ?? kind ?? ''}
      onChange={(event) => pick(event.target.value)}
    >
      <option value="">Everything</option>
      {objectId !== null && !known && <option value={objectId}>{objectId}</option>}
      {KINDS.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
      <Group label="One account" options={accounts} />
      <Group label="One client key" options={keys} />
    </select>
  );
}

function Group(props: { label: string; options: readonly { readonly id: string; readonly name: string }[] }) {
  if (props.options.length === 0) return null;
  return (
    <optgroup label={props.label}>
      {props.options.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}
