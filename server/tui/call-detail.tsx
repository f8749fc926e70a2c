/** The selected call, as `cam explain` tells it. */
import { Text } from 'ink';
import { tellCall } from '../cli/call-text.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { Ask } from './acts.ts';
import { useFresh } from './use-data.ts';

export function CallDetail({ id, ask }: { id: string; ask: Ask }) {
  const { data, problem } = useFresh(id, () => ask((api) => api.requests.get.query({ id })));
  if (data === null || data.id !== id) return <Text dimColor>{problem ?? 'One moment…'}</Text>;
  return (
    <>
      {linesOf((terminal) => tellCall(terminal, data)).map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text
        <Text key={at} wrap="truncate">
          {line === '' ? ' ' : line}
        </Text>
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
