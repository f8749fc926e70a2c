'use client';
/** Which rows of a long list are drawn: those in the window and a few around them; the others are room above and below. */
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

/** With these and the rows of a tall window, fewer than sixty are drawn. */
const AROUND = 6;
/** So many rows before the end, more are asked for. */
const AHEAD = 60;

export interface WindowRows {
  /** Their places in the list. */
  readonly shown: readonly number[];
  /** Pixels of what is not drawn. */
  readonly above: number;
  readonly below: number;
}

/** @param list an element whose top is where the first row begins */
export function useWindowRows(props: {
  readonly list: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly rowPx: number;
  readonly onNearEnd: () => void;
}): WindowRows {
  const { list, count, rowPx, onNearEnd } = props;
  const top = useTop(list);
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => rowPx,
    overscan: AROUND,
    scrollMargin: top,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1);
  const lastAt = last?.index ?? -1;
  // Again with each row that comes into sight, and when the list has grown and its end is still near.
  useEffect(() => {
    if (lastAt >= count - AHEAD && window.scrollY > 0) onNearEnd();
  }, [lastAt, count, onNearEnd]);
  return {
    shown: items.map(({ index }) => index),
    above: (items[0]?.start ?? top) - top,
    below: last === undefined ? 0 : rows.getTotalSize() - (last.end - top),
  };
}

/** Where the list begins in the document; what stands above it may grow. */
function useTop(list: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const element = list.current;
      if (element) setTop(Math.round(element.getBoundingClientRect().top + window.scrollY));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, [list]);
  return top;
}
