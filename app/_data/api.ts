/**
 * The admin API from the browser, typed by the router. The cookie alone proves nothing (cookies ignore ports):
 * every call also carries the origin key, which lives in this origin's storage.
 */
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client';
import type { AdminRouter } from '../../server/admin/router.ts';

const BASE = '/admin/api/trpc';
const ORIGIN_KEY = 'cam-origin-key';
const ANSWER_TIMEOUT_MS = 60_000;

export function keepOriginKey(originKey: string): void {
  localStorage.setItem(ORIGIN_KEY, originKey);
}

export function forgetOriginKey(): void {
  localStorage.removeItem(ORIGIN_KEY);
}

const calls = httpLink({
  url: BASE,
  headers: () => ({ 'x-cam-origin-key': localStorage.getItem(ORIGIN_KEY) ?? '' }),
  fetch: (input, init) => {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return fetch(input, { ...init, signal, credentials: 'same-origin' });
  },
});

/** An event stream cannot carry a header, so it opens with a ticket that is good once and for ten seconds. */
const streams = httpSubscriptionLink({
  url: BASE,
  connectionParams: (): Promise<{ ticket: string }> => api.session.ticket.mutate(),
});

export const api: TRPCClient<AdminRouter> = createTRPCClient<AdminRouter>({
  links: [
    splitLink({ condition: (operation) => operation.type === 'subscription', true: streams, false: calls }),
  ],
});
