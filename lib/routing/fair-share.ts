/**
 * How many calls one client key may have under way: all it likes while there is room, and its share once most
 * slots are taken and others want some. Two are always allowed: an agent and its helper.
 */
const CROWDED_FROM = 0.8;
const ALWAYS_ALLOWED = 2;

/** Whether sharing is called for at all; the one question that every call pays for. */
export function isCrowded(inUse: number, slots: number): boolean {
  return inUse > slots * CROWDED_FROM;
}

/** @param activeKeys client keys with calls under way, with this one */
export function fairShare(slots: number, activeKeys: number): number {
  return activeKeys < 2 ? Infinity : Math.max(ALWAYS_ALLOWED, Math.floor(slots / activeKeys));
}
