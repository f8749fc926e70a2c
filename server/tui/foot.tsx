/** The last line: what is being typed, what was just done, or which keys there are. */
import { Box, Text } from 'ink';
import { printable } from '../cli/terminal.ts';
import type { Line } from './line-edit.ts';
import { paintOf } from './parts.tsx';
import type { Message, Tab } from './tabs.ts';
import { TextField } from './text-field.tsx';

const OF_TAB: Readonly<Record<Tab, string>> = {
  Accounts: 'a add  e edit  d delete  space on/off  t test  r refresh  ',
  Live: '',
  Usage: 'b by  p time  ',
  Log: '',
};

export function Foot(props: {
  prompt: { readonly label: string; readonly line: Line } | null;
  filter: string;
  message: Message | null;
  problem: string | null;
  tab: Tab;
  columns: number;
}) {
  const { prompt, filter, message, problem, tab, columns } = props;
  return (
    <Box height={1} flexShrink={0} paddingX={1} overflow="hidden">
      {prompt !== null ? (
        <>
          <Text bold>{printable(prompt.label)}</Text>
          <TextField line={prompt.line} active width={Math.max(10, columns - prompt.label.length - 3)} />
        </>
      ) : message !== null ? (
        <Text wrap="truncate" {...paintOf(message.bad ? 'bad' : null)}>
          {printable(message.text)}
        </Text>
      ) : problem !== null ? (
        <Text wrap="truncate" {...paintOf('bad')}>
          {printable(`${problem} Press u to sign in, q to leave.`)}
        </Text>
      ) : (
        <Text wrap="truncate" dimColor>
          {`${filter === '' ? '' : `only “${printable(filter)}”, esc shows all  `}${OF_TAB[tab]}/ filter  : command  ? help  q quit`}
        </Text>
      )}
    </Box>
  );
}
