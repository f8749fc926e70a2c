/**
 * Stands in front of the real dial and holds answers back until a test lets them go, one by one: so "at the same
 * time" and "in which order" are facts, not luck. The sockets behind it are real.
 */
import type { Dial } from '../../server/upstream/dial.ts';

interface Dialled {
  readonly account: string;
  readonly body: string;
  readonly atMs: number;
  /** Under way on this account at that moment, with this one. */
  readonly together: number;
}

interface Held extends Dialled {
  over: boolean;
  flush: () => void;
}

export interface Turnstile {
  readonly wrap: (dial: Dial) => Dial;
  /** In the order in which they were made. */
  readonly dials: readonly Dialled[];
  underWay(account: string): number;
  /** Lets the oldest held answer of an account through. */
  letGo(account: string): void;
  /** Holds nothing back any more, or (again) everything. */
  open(on: boolean): void;
}

export function createTurnstile(opened = false): Turnstile {
  const calls: Held[] = [];
  let isOpen = opened;
  const running = (account: string): Held[] => calls.filter((one) => one.account === account && !one.over);
  return {
    dials: calls,
    underWay: (account) => running(account).length,
    letGo(account) {
      running(account)[0]?.flush();
    },
    open(on) {
      isOpen = on;
      if (on) for (const call of calls) call.flush();
    },
    wrap: (dial) => (request, events) => {
      const account = request.account.name;
      const body = Buffer.isBuffer(request.body) ? request.body.toString() : '';
      const together = running(account).length + 1;
      let pending: (() => void)[] | null = isOpen ? null : [];
      const call: Held = {
        account,
        body,
        atMs: performance.now(),
        together,
        over: false,
        flush() {
          const held = pending ?? [];
          pending = null;
          for (const one of held) one();
        },
      };
      calls.push(call);
      const later = (what: () => void): void => void (pending === null ? what() : pending.push(what));
      const control = dial(request, {
        head: (status, headers) => later(() => events.head(status, headers)),
        data: (chunk) => later(() => events.data(chunk)),
        end: () =>
          later(() => {
            call.over = true;
            events.end();
          }),
        fail: (failure) =>
          later(() => {
            call.over = true;
            events.fail(failure);
          }),
      });
      return {
        get sent() {
          return control.sent;
        },
        abort() {
          call.over = true;
          pending = [];
          control.abort();
        },
        pause: () => control.pause(),
        resume: () => control.resume(),
      };
    },
  };
}

/** Looks again after every turn of the event loop until it is so; the test's own time-out is the bound. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}
