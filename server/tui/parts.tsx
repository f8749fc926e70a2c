/** What every part of the screen is made of: coloured text, a list that scrolls with its selection, a titled box. */
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { printable } from '../cli/terminal.ts';
import { gauge, type Tone, toneOf } from './blocks.ts';

const COLOURS: Readonly<Record<Exclude<Tone, 'dim'>, string>> = { ok: 'green', warn: 'yellow', bad: 'red' };

/** NO_COLOR takes the colours away; bold, dim and reverse stay, and every state has its own mark. */
const COLOURED = (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';

/** What a text of this tone is drawn with. */
export function paintOf(tone: Tone | null): { readonly color?: string; readonly dimColor?: boolean } {
  if (tone === null) return {};
  if (tone === 'dim') return { dimColor: true };
  return COLOURED ? { color: COLOURS[tone] } : {};
}

export function Toned({ tone, children }: { tone: Tone | null; children: ReactNode }) {
  return <Text {...paintOf(tone)}>{children}</Text>;
}

/** A cell of fixed width: what is too long is cut, whatever script it is in. */
export function Cell(props: {
  width: number;
  right?: boolean;
  tone?: Tone | null;
  bold?: boolean;
  children: string;
}) {
  return (
    <Box width={props.width} flexShrink={0} justifyContent={props.right ? 'flex-end' : 'flex-start'}>
      <Text wrap="truncate" {...(props.bold ? { bold: true } : {})} {...paintOf(props.tone ?? null)}>
        {printable(props.children)}
      </Text>
    </Box>
  );
}

export function Gauge({ name, share, width }: { name: string; share: number | null; width: number }) {
  return (
    <Box flexShrink={0}>
      <Text dimColor>{`${name} `}</Text>
      <Toned tone={toneOf(share)}>{gauge(share, width)}</Toned>
      <Text>{`${share === null ? '—' : `${Math.round(share * 100)}%`}`.padStart(5)}</Text>
    </Box>
  );
}

export function Panel(props: {
  title: string;
  note?: string;
  width?: number;
  grow?: boolean;
  height?: number;
  children: ReactNode;
}) {
  return (
    <Box
      flexDirection="column"
      borderStyle="round"
      borderDimColor
      paddingX={1}
      overflow="hidden"
      {...(props.width === undefined ? {} : { width: props.width })}
      {...(props.height === undefined ? {} : { height: props.height })}
      flexGrow={props.grow ? 1 : 0}
      flexShrink={props.grow ? 1 : 0}
    >
      <Box flexShrink={0}>
        <Text bold>{props.title}</Text>
        {props.note ? <Text dimColor wrap="truncate">{`  ${printable(props.note)}`}</Text> : null}
      </Box>
      {props.children}
    </Box>
  );
}

/** As many rows as there is room for, with the selected one among them. */
export function windowAround(
  count: number,
  selected: number,
  room: number,
): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.min(selected - Math.floor(room / 2), count - room));
  return { from, to: Math.min(count, from + Math.max(1, room)) };
}

export function Rows<Row>(props: {
  rows: readonly Row[];
  selected: number;
  room: number;
  keyOf: (row: Row) => string;
  children: (row: Row, selected: boolean) => ReactNode;
}) {
  const { from, to } = windowAround(props.rows.length, props.selected, props.room);
  return (
    <>
      {props.rows.slice(from, to).map((row, n) => (
        <Box key={props.keyOf(row)} flexShrink={0} height={1} overflow="hidden">
          <Text bold>{from + n === props.selected ? '▸ ' : '  '}</Text>
          {props.children(row, from + n === props.selected)}
        </Box>
      ))}
    </>
  );
}
