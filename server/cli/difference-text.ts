/** The difference that an import would make, as a person reads it: one line a row, one line a base URL. */
import type {
  BaseUrlTick,
  DifferenceView,
  MovedKind,
  MoveRow,
  MoveState,
} from '../../lib/wire/moving-views.ts';
import { type Cell, type Column, printTable } from './table.ts';
import { printable, type Style, type Terminal } from './terminal.ts';

const STYLES: Readonly<Record<MoveState, Style>> = {
  new: 'ok',
  changed: 'warn',
  removed: 'bad',
  refused: 'bad',
  same: 'dim',
};

const KINDS: Readonly<Record<MovedKind, string>> = {
  account: 'account',
  client_key: 'client key',
  setting: 'setting',
};

const COLUMNS: Column<MoveRow>[] = [
  { title: 'STATE', cell: ({ state }): Cell => ({ text: state, style: STYLES[state] }) },
  { title: 'WHAT', cell: ({ kind }) => KINDS[kind] },
  { title: 'NAME', cell: ({ name, at }) => (at === null || at === name ? name : `${name} (${at})`) },
  { title: 'WHY', cell: whyText },
];

export function sayDifference(terminal: Terminal, difference: DifferenceView): void {
  const { madeBy, madeAtMs, rows, baseUrls } = difference;
  if (madeBy !== null && madeAtMs !== null) {
    const from = difference.sameVault ? 'this vault' : 'another vault';
    terminal.say(
      `Exported from ${from} by version ${printable(madeBy)}, ${new Date(madeAtMs).toISOString()}.`,
    );
  }
  if (rows.length === 0) terminal.say('There is nothing in it.');
  else printTable(terminal, rows, COLUMNS);
  for (const tick of baseUrls) terminal.out(`base URL  ${sayTick(tick)}`);
}

/** e.g. `Work: https://old.example/v1 → https://new.example/v1` */
export function sayTick({ name, from, to, allowLocal }: BaseUrlTick): string {
  const where = from === null ? to : from === to ? to : `${from} → ${to}`;
  return printable(`${name}: ${where}${allowLocal ? ' (addresses of this computer allowed)' : ''}`);
}

function whyText({ changes, why }: MoveRow): string {
  const told = changes.map(({ field, from, to }) => `${field}: ${from ?? 'none'} → ${to ?? 'none'}`);
  return [...told, ...(why === null ? [] : [why])].join('; ');
}
