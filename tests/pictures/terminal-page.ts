/** A terminal's screen as a page: cell by cell, with its colours, in a typeface that every browser has. */
import type { Screen } from '../server/tui/screen.ts';

const PALETTE: Readonly<Record<number, string>> = { 1: '#f2777a', 2: '#7fc98f', 3: '#e8b95a' };
const INK = '#e6e8ee';
const QUIET = '#8b91a1';
const GROUND = '#15171d';

export function terminalPage({ terminal }: Screen): string {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: terminal.rows }, (_, row) => {
    const line = active.getLine(active.viewportY + row);
    let html = '';
    for (let column = 0; column < terminal.cols; column++) {
      const cell = line?.getCell(column);
      if (!cell || cell.getWidth() === 0) continue;
      const colour = cell.isFgPalette() ? (PALETTE[cell.getFgColor()] ?? INK) : cell.isDim() ? QUIET : INK;
      const style = [
        cell.isInverse() ? `background:${INK};color:${GROUND}` : `color:${colour}`,
        ...(cell.isBold() ? ['font-weight:700'] : []),
      ].join(';');
      html += `<span style="${style}">${escaped(cell.getChars() || ' ')}</span>`;
    }
    return html;
  });
  return `<body style="margin:0;background:${GROUND}"><pre style="display:inline-block;margin:0;padding:18px 20px;font:14px/18px 'DejaVu Sans Mono',monospace">${lines.join('\n')}</pre></body>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
