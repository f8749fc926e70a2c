/** The fault matrix as the tables of `docs/routing.md`. */
import { FAULT_MATRIX } from './rows.ts';
import { ACCOUNT, CLIENT, LEDGER, type MatrixRow, type Nobody, SURFACES, type When } from './words.ts';

const BEGIN = '<!-- written by tests/support/fault-matrix/write.ts -->';
const END = '<!-- end of the fault matrix -->';
const PHASES: readonly When[] = ['before the headers', 'inside 200, before output', 'after output'];

/** The document with its matrix replaced by what the rows say. */
export function withMatrix(document: string): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error('The document has no place for the matrix.');
  return `${document.slice(0, from + BEGIN.length)}\n\n${PHASES.map(table).join('\n')}\n${document.slice(to)}`;
}

function table(phase: When): string {
  const rows = FAULT_MATRIX.filter(({ when }) => when === phase);
  const first = phase === PHASES[0];
  const head = ['the provider', 'class', 'on', 'the client gets', 'that account', 'ledger'];
  if (first) head.push('if every account does so');
  const lines = [head, head.map(() => '---'), ...rows.map((row) => cells(row, first))];
  return `### ${phase[0]?.toUpperCase()}${phase.slice(1)}\n\n${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

function cells(row: MatrixRow, withNobody: boolean): string[] {
  const on = row.on.length === SURFACES.length ? 'all' : row.on.join(', ');
  const [outcome, attempts, , error] = LEDGER[row.ledger];
  const calls = attempts === 1 ? '1 call' : `${attempts} calls`;
  const ledger = [outcome, calls, ...(error === null ? [] : [`\`${error}\``])].join(', ');
  const line = [row.upstream, `\`${row.class}\``, on, CLIENT[row.client], ACCOUNT[row.account], ledger];
  if (withNobody) line.push(row.nobody ? sayNobody(row.nobody) : 'the same');
  return line;
}

const AGAIN: Readonly<Record<Nobody[2], string>> = {
  wait: ', `retry-after`',
  never: ', `x-should-retry: false`',
  unsaid: '',
};

function sayNobody([status, code, again]: Nobody): string {
  return `${status}${code === null ? '' : ` \`${code}\``}${AGAIN[again]}`;
}
