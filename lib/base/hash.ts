/**
 * A keyed or plain digest, handed in because `lib` has no cryptography of its own.
 * It answers 32 lower-case hex characters and never sees anything it should keep.
 */
export type Hash = (data: string | Uint8Array) => string;
