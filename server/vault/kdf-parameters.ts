/**
 * How expensive it is to try a master key (Argon2id), and the bounds outside which a stored header is taken for
 * damaged. Out-of-bounds values are refused before any hashing: clamping them would derive a wrong key, and
 * honouring them would let a forged header eat all memory.
 */
export interface KdfParameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

const MIB = 1024;
const GIB_BYTES = 1024 ** 3;
export const SALT_BYTES = 16;

export function kdfParametersInBounds({ memoryKib, passes, lanes }: KdfParameters): boolean {
  return within(memoryKib, 64 * MIB, 1024 * MIB) && within(passes, 1, 6) && within(lanes, 1, 4);
}

/** About a second on two cores; less memory where a quarter of a gigabyte would hurt. */
export function defaultKdfParameters(totalMemoryBytes: number): KdfParameters {
  const memoryKib = totalMemoryBytes < 4 * GIB_BYTES ? 64 * MIB : 256 * MIB;
  return { memoryKib, passes: 3, lanes: 1 };
}

/** True when `wanted` is harder to try than `stored` and in no respect easier. */
export function isHarder(wanted: KdfParameters, stored: KdfParameters): boolean {
  const notEasier = wanted.memoryKib >= stored.memoryKib && wanted.passes >= stored.passes;
  return notEasier && (wanted.memoryKib > stored.memoryKib || wanted.passes > stored.passes);
}

/** In every respect at least as hard as either. */
export function hardest(one: KdfParameters, other: KdfParameters): KdfParameters {
  return {
    memoryKib: Math.max(one.memoryKib, other.memoryKib),
    passes: Math.max(one.passes, other.passes),
    lanes: Math.max(one.lanes, other.lanes),
  };
}

function within(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
