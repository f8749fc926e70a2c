/**
 * Notices that this machine is in another network than before: another Wi-Fi, a cable pulled, a VPN that came or
 * went. Its own addresses are then others, and sockets that were idle may never answer again without saying so.
 */
import { networkInterfaces } from 'node:os';

export interface AddressWatch {
  stop(): void;
}

/** Often enough that few calls can meet a socket of the network before; asking takes a fraction of a millisecond. */
const LOOK_EVERY_MS = 2_000;

/** This machine's addresses in one line, in an order that does not change. */
export type OwnAddresses = () => string;

export function watchAddresses(
  ownAddresses: OwnAddresses,
  onMoved: () => void,
  everyMs = LOOK_EVERY_MS,
): AddressWatch {
  let known = ownAddresses();
  const timer = setInterval(() => {
    const now = ownAddresses();
    if (now === known) return;
    known = now;
    onMoved();
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Loopback and link-local ones lead to no provider. Where the system does not tell, it is always the same. */
export const systemAddresses: OwnAddresses = () => {
  let found: ReturnType<typeof networkInterfaces>;
  try {
    found = networkInterfaces();
  } catch {
    return '';
  }
  return Object.values(found)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(?:fe80:|169\.254\.)/i.test(address))
    .map(({ address }) => address)
    .sort()
    .join(' ');
};
