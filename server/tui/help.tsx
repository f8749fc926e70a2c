/** Every key, on one page. */
import { Box, Text } from 'ink';

const KEYS: readonly (readonly [string, string])[] = [
  ['1 2 3 4, tab', 'Accounts, Live, Usage, Log'],
  ['↑ ↓, j k', 'select; page up and down, g and G for the ends'],
  ['/', 'show only what contains what you type; esc shows all'],
  ['a', 'add an account'],
  ['e', 'change the selected account'],
  ['d', 'remove it and its key; asks for a y'],
  ['space', 'disable it, or let it serve again'],
  ['t', 'ask the provider whether it accepts its key'],
  ['r', 'ask the provider what it knows: models, usage, cost, limits'],
  ['b, p', 'usage by another key, of another time'],
  ['u', 'sign in, and unlock'],
  [':', 'a command: add, edit, test, refresh, enable, disable, remove NAME; filter TEXT; lock, unlock, quit'],
  ['q, ctrl-c', 'leave'],
];

export function Help() {
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} flexGrow={1} overflow="hidden">
      <Text bold>Keys</Text>
      {KEYS.map(([keys, what]) => (
        <Box key={keys} height={1} flexShrink={0} overflow="hidden">
          <Box width={16} flexShrink={0}>
            <Text>{keys}</Text>
          </Box>
          <Text dimColor wrap="truncate">
            {what}
          </Text>
        </Box>
      ))}
      <Text dimColor>Any key closes this.</Text>
    </Box>
  );
}
