/** What happens next in simulated time: a binary heap. Things of one moment happen in the order of their asking. */
interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class Queue {
  readonly #heap: Due[] = [];
  #asked = 0;

  /** When the next thing is due; null when nothing is. */
  get nextMs(): number | null {
    return this.#heap[0]?.atMs ?? null;
  }

  add(atMs: number, run: () => void): void {
    const due: Due = { atMs, order: this.#asked++, run };
    let at = this.#heap.length;
    this.#heap.push(due);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || isBefore(parent, due)) break;
      this.#heap[at] = parent;
      this.#heap[above] = due;
      at = above;
    }
  }

  take(): (() => void) | null {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return null;
    if (this.#heap.length > 0) this.#sink(last);
    return first.run;
  }

  /** Puts `due` at the top and lets it sink to where it belongs. */
  #sink(due: Due): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const rightFirst = right !== undefined && isBefore(right, left);
      const child = rightFirst ? right : left;
      if (isBefore(due, child)) break;
      heap[at] = child;
      at = 2 * at + (rightFirst ? 2 : 1);
    }
    heap[at] = due;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
