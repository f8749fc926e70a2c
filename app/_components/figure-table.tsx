/** A table of figures that scrolls sideways by itself where a phone has no room, so that the page does not. */
import type { ReactNode } from 'react';

export interface FigureColumn<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** Words stand left, figures right. */
  readonly words?: boolean;
  /** Its name is spoken only. */
  readonly unseen?: boolean;
}

const HEAD = 'h-8 px-3 text-11 font-medium whitespace-nowrap text-fg-3 first:pl-4 last:pr-4';
const CELL = 'px-3 whitespace-nowrap first:pl-4 last:pr-4';

export function FigureTable<Row>(props: {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly FigureColumn<Row>[];
  readonly keyOf: (row: Row) => string;
  /** The last row is a sum. */
  readonly summed?: boolean;
}) {
  const { label, rows, columns, keyOf, summed } = props;
  const side = (words: boolean | undefined) => (words ? 'text-left' : 'text-right');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="relative overflow-x-auto -outline-offset-2">
      <table className="w-full border-collapse text-12">
        <thead>
          <tr className="border-b">
            {columns.map(({ name, words, unseen }) => (
              <th key={name} className={`${HEAD} ${side(words)}`}>
                {unseen ? <span className="sr-only">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr
              key={keyOf(row)}
              className={`h-9 border-t first:border-t-0 ${summed && at === rows.length - 1 ? 'bg-raised/60 font-medium' : ''}`}
            >
              {columns.map(({ name, cell, words }) => (
                <td key={name} className={`${CELL} ${side(words)}`}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
