/** Which bars are named below, and how: round hours for a day, days (at their first hour) for longer, `now` for the open one. */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

export function bucketTick(
  atMs: number,
  at: number,
  count: number,
  {
    stepMs,
    running,
    narrow,
  }: { readonly stepMs: number; readonly running: boolean; readonly narrow: boolean },
): string | null {
  if (at === count - 1 && running) return 'now';
  // The name of a bar that is too near would run into `now`.
  const near = running ? Math.ceil(count / (narrow ? 7 : 14)) : 0;
  if (at > count - 1 - near || at === 0) return null;
  if (stepMs === HOUR_MS) {
    const begins = new Date(atMs);
    const hours = count <= 48 ? (narrow ? 6 : 4) : 24;
    const skipped = hours === 24 && narrow && begins.getDate() % 2 === 1;
    if (skipped || begins.getHours() % hours !== 0) return null;
    return (hours === 24 ? day : time).format(atMs);
  }
  const every = Math.max(1, Math.round(count / (narrow ? 4 : 7)));
  if ((count - 1 - at) % every !== 0) return null;
  return stepMs >= DAY_MS || count * stepMs > 2 * DAY_MS ? day.format(atMs) : time.format(atMs);
}

/** The period that begins here: `Tue 24 Nov, 14:00`, and only the day where it is one or more. */
export function periodWords(atMs: number, stepMs: number): string {
  const date = weekday.format(atMs);
  return stepMs >= DAY_MS ? date : `${date}, ${time.format(atMs)}`;
}
