/** What a call said and was answered, as it was captured. */
import { formatSpan } from '../../lib/format.ts';
import type { CapturedView } from '../../lib/wire/usage-views.ts';
import { heading } from './plan-text.ts';
import { printable, type Terminal } from './terminal.ts';

export function printCaptured(terminal: Terminal, found: CapturedView, nowMs: number): void {
  part(terminal, 'Asked', found.request ?? '(streamed through, not kept)', found.requestCut);
  part(terminal, 'Answered', found.response, found.responseCut);
  terminal.say(`Kept for another ${formatSpan(found.expiresAtMs - nowMs)}.`);
}

function part(terminal: Terminal, title: string, text: string, cut: boolean): void {
  heading(terminal, title);
  for (const line of text.split('\n')) terminal.out(printable(line));
  if (cut) terminal.say('(the rest was not kept: capture.body_bytes_max)');
}
