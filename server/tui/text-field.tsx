/** A field of a form, or the line at the foot of the screen: typed or pasted, masked where it holds a secret. */
import { Box, Text } from 'ink';
import { printable } from '../cli/terminal.ts';
import { type Line, windowOf } from './line-edit.ts';

export function TextField(props: { line: Line; active: boolean; width: number; masked?: boolean }) {
  const { line, active, masked, width } = props;
  const { shown, at } = windowOf(line, width);
  const characters = shown.map((character) => (masked ? '•' : printable(character)));
  if (!active) return <Text wrap="truncate">{characters.join('')}</Text>;
  return (
    <Box width={width} overflow="hidden">
      <Text wrap="truncate">
        {characters.slice(0, at).join('')}
        <Text inverse>{characters[at] ?? ' '}</Text>
        {characters.slice(at + 1).join('')}
      </Text>
    </Box>
  );
}
