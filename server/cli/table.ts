/** Aligned columns for people. Programs use `--json`; widths and headings here may change at any time. */
import { DASH } from '../../lib/format.ts';
import { printable, type Style, type Terminal } from './terminal.ts';

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | Cell;
  readonly right?: boolean;
  /** Characters that it takes at least, so that tables printed one after the other stand in line. */
  readonly least?: number;
}

/** Unknown is a dash, never a zero. */
export function orDash<T>(value: T | null | undefined, show: (known: T) => string): string {
  return value === null || value === undefined ? DASH : show(value);
}

export function printTable<Row>(
  terminal: Terminal,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { heading = true }: { readonly heading?: boolean } = {},
): void {
  const cells = rows.map((row) => columns.map((column) => asCell(column.cell(row))));
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, column.least ?? 0, ...cells.map((line) => width(line[at]?.text ?? ''))),
  );
  const line = (of: readonly Cell[]): string =>
    of
      .map((cell, at) => {
        const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(cell.text)));
        const painted = cell.style ? terminal.paint(cell.style, cell.text) : cell.text;
        if (columns[at]?.right) return gap + painted;
        return at === of.length - 1 ? painted : painted + gap;
      })
      .join('  ')
      .trimEnd();
  if (heading) terminal.out(line(columns.map((column) => ({ text: column.title, style: 'dim' as const }))));
  for (const row of cells) terminal.out(line(row));
}

export type Fact = readonly [name: string, value: string | Cell];

/** `name   value` lines, for one thing. */
export function printFacts(terminal: Terminal, facts: readonly Fact[]): void {
  const widest = Math.max(0, ...facts.map(([name]) => name.length));
  for (const [name, value] of facts) {
    const cell = asCell(value);
    const painted = cell.style ? terminal.paint(cell.style, cell.text) : cell.text;
    terminal.out(`${terminal.paint('dim', name.padEnd(widest))}  ${painted}`);
  }
}

function asCell(value: string | Cell): Cell {
  return typeof value === 'string'
    ? { text: printable(value) }
    : { text: printable(value.text), ...(value.style ? { style: value.style } : {}) };
}

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** Columns that a text takes: East Asian and pictographic characters take two. */
function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segments.segment(text)) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}
