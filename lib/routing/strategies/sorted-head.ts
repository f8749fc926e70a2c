/**
 * Sorting as far as it matters: a call tries ten accounts at most, so of a long list only the beginning has to
 * be in order. What follows it is complete but unsorted.
 */
const HEAD = 32;

/** Takes over the list that it is given. Equals keep their order in the sorted part. */
export function sortedHead<T>(list: T[], compare: (a: T, b: T) => number): T[] {
  if (list.length <= 2 * HEAD) return list.sort(compare);
  const head = list.slice(0, HEAD).sort(compare);
  for (let i = HEAD; i < list.length; i++) {
    const one = list[i];
    const last = head[HEAD - 1];
    if (one === undefined || last === undefined || compare(one, last) >= 0) continue;
    let at = HEAD - 1;
    for (; at > 0; at--) {
      const before = head[at - 1];
      if (before === undefined || compare(one, before) >= 0) break;
      head[at] = before;
    }
    head[at] = one;
    // The one that fell out takes the place of the one that came in.
    list[i] = last;
  }
  head.forEach((one, i) => {
    list[i] = one;
  });
  return list;
}
