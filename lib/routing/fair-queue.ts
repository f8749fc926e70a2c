/**
 * Whose turn it is among calls that wait: in turn over the keys, and inside a key who came first. However many
 * calls one key sends, another key's call stands behind at most one of them in each round. Bounded in number;
 * when it is full, a key that waits with less takes the place of the last call of the key that waits with most.
 */

/** `key` is who waits, e.g. a client key's id. */
export interface Waiting {
  readonly key: string;
}

export interface FairQueue<T extends Waiting> {
  readonly size: number;
  /** Takes it in; gives back who had to make room: nobody (null), another, or the newcomer itself. */
  add(item: T, most: number): T | null;
  /** Out of turn: it left, or waited long enough. Harmless when it is not there. */
  remove(item: T): void;
  /** It was its turn: its key stands last for the next one. */
  serve(item: T): void;
  /** Everybody, in the order in which their turns come. */
  inTurn(): T[];
}

export function createFairQueue<T extends Waiting>(): FairQueue<T> {
  /** The map's own order is the order of turns. */
  const lines = new Map<string, T[]>();
  let size = 0;

  function remove(item: T): void {
    const line = lines.get(item.key);
    const at = line?.indexOf(item) ?? -1;
    if (line === undefined || at < 0) return;
    line.splice(at, 1);
    size--;
    if (line.length === 0) lines.delete(item.key);
  }

  function longest(): T[] {
    let found: T[] = [];
    for (const line of lines.values()) if (line.length > found.length) found = line;
    return found;
  }

  return {
    get size() {
      return size;
    },
    add(item, most) {
      let out: T | null = null;
      if (size >= most) {
        const greedy = longest();
        const own = lines.get(item.key)?.length ?? 0;
        out = greedy.at(-1) ?? item;
        if (own + 1 >= greedy.length) return item;
        remove(out);
      }
      const line = lines.get(item.key);
      if (line === undefined) lines.set(item.key, [item]);
      else line.push(item);
      size++;
      return out;
    },
    remove,
    serve(item) {
      const line = lines.get(item.key);
      remove(item);
      if (line === undefined || !lines.delete(item.key)) return;
      lines.set(item.key, line);
    },
    inTurn() {
      const order: T[] = [];
      for (let round = 0; order.length < size; round++) {
        for (const line of lines.values()) {
          const next = line[round];
          if (next !== undefined) order.push(next);
        }
      }
      return order;
    },
  };
}
