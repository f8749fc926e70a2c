/** The selected call, as `cam explain` tells it. */
import { Box, Text } from 'ink';
import { tellCall } from '../cli/call-text.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { Ask } from './acts.ts';
import { useFresh } from './use-data.ts';

/** @param room lines that there are for it */
export function CallDetail({ id, ask, room }: { id: string; ask: Ask; room: number }) {
  const { data, problem } = useFresh(id, () => ask((api) => api.requests.get.query({ id })));
  if (data === null || data.id !== id) return <Text dimColor>{problem ?? 'One moment…'}</Text>;
  const lines = linesOf((terminal) => tellCall(terminal, data)).filter((line) => line !== '');
  const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… the rest: cam explain ${id}`];
  return (
    <>
      {shown.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text
        <Box key={at} height={1} flexShrink={0} overflow="hidden">
          <Text wrap="truncate">{line}</Text>
        </Box>
      ))}
    </>
  );
}

/** What a command would print, without colours. */
function linesOf(print: (terminal: Terminal) => void): readonly string[] {
  const lines: string[] = [];
  const line = (text: string): void => void lines.push(...text.split('\n'));
  const refuse = () => Promise.reject(new Error('nobody is asked here'));
  print({
    env: { NODE_ENV: 'production' },
    canAsk: false,
    outIsPerson: false,
    columns: null,
    paint: (_style, text) => text,
    out: line,
    json: () => {},
    say: line,
    hint: () => {},
    askSecret: refuse,
    askYesNo: refuse,
    readStdin: refuse,
  });
  return lines;
}
