/** What changes in a text file, as programmers are used to see it. */
import { printable, type Terminal } from './terminal.ts';

/** To stderr: it is what is talked about, not the command's data. Keys that stand in the file are not shown. */
export async function sayFileDifference(
  terminal: Terminal,
  file: string,
  before: string,
  after: string,
): Promise<void> {
  if (before === after) return terminal.say(`${file} stays as it is.`);
  const [{ structuredPatch }, { scrub }] = await Promise.all([import('diff'), import('../log.ts')]);
  terminal.say(terminal.paint('bold', printable(file)));
  for (const { oldStart, newStart, lines } of structuredPatch(file, file, before, after, '', '', {
    context: 2,
  }).hunks) {
    terminal.say(terminal.paint('dim', `@@ ${oldStart} → ${newStart} @@`));
    for (const line of lines) {
      const style = line.startsWith('+') ? 'ok' : line.startsWith('-') ? 'bad' : 'dim';
      if (!line.startsWith('\\'))
        terminal.say(terminal.paint(style, printable(scrub(line).replaceAll('\t', '    '))));
    }
  }
}
