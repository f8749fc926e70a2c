/**
 * The Vault: the only room with keys. It seals and unseals single secrets, authenticates rows that grant or
 * steer something, and digests client keys. It knows nothing of the database: its header and everything it
 * seals are handed in and out as bytes. A change of the header is prepared here, stored by the caller, and only
 * then adopted, so that memory never holds what the database does not.
 */
import { totalmem } from 'node:os';
import type { KeyStrength } from '../../lib/base/key-strength.ts';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { type Clock, MINUTE_MS } from '../../lib/base/time.ts';
import { CamError } from '../../lib/errors.ts';
import type { VaultState } from '../../lib/wire/views.ts';
import {
  checkHeader,
  createHeader,
  deriveKek,
  headerAfterRotation,
  headerWithNext,
  kdfParametersOf,
  openDeks,
  openKeyring,
  rewrapHeader,
  type VaultHeader,
  wipe,
} from './header.ts';
import type { Kdf } from './kdf.ts';
import { defaultKdfParameters, hardest, isHarder, type KdfParameters } from './kdf-parameters.ts';
import { deriveGeneration, KEY_BYTES, type Keyring } from './keyring.ts';
import type { SealedPlace } from './place.ts';
import type { MacFields } from './row-mac.ts';
import { createSealing, type MacState, type Unlocked } from './sealing.ts';
import { readStrengthMark, strengthMark } from './strength-mark.ts';

export type { VaultHeader } from './header.ts';
export type { SealedPlace } from './place.ts';
export type { MacFields } from './row-mac.ts';
export type { MacState } from './sealing.ts';

/** A header that was checked and is to be stored in place of another. */
export interface HeaderChange {
  readonly before: VaultHeader;
  readonly after: VaultHeader;
  /** It is stored: from now on the vault goes by it. */
  adopt(): void;
}

export interface Vault {
  state(): VaultState;
  /**
   * Tells the vault which header is stored; null is a fresh database. Forgets all keys. Throws `vault_damaged`,
   * and then stays locked. Also the way back when a header made by `initialise` could not be stored.
   */
  attach(header: VaultHeader | null): void;
  /** Makes a new vault under a master key and leaves it unlocked; the caller stores the header. */
  initialise(masterKey: Secret, strength?: KeyStrength): Promise<VaultHeader>;
  /**
   * Throws `wrong_master_key`, `kdf_busy`, `vault_damaged`. Answers a change to be stored when the default cost
   * of trying a master key has risen since; null when there is nothing to store.
   */
  unlock(masterKey: Secret): Promise<HeaderChange | null>;
  /** Checks a master key without changing the state (step-up). */
  verify(masterKey: Secret): Promise<boolean>;
  /** Another master key for the same vault. Throws `wrong_master_key`, `kdf_busy`. */
  rekey(masterKey: Secret, next: Secret, strength: KeyStrength | null): Promise<HeaderChange>;
  /** A second DEK: once adopted, everything new is sealed and signed with it. Throws `wrong_master_key`. */
  beginRotation(masterKey: Secret): Promise<HeaderChange>;
  /** Only the newest DEK is left. To be stored once nothing is sealed or signed by the older one. */
  endRotation(): HeaderChange;
  /** A rotation was begun and has not ended. */
  rotating(): boolean;
  /** Forgets the DEK before the last rotation when no call can need it any more. To be called now and then. */
  tidy(): void;
  /** Null before the vault exists or was read. */
  header(): VaultHeader | null;
  /** What was found of the master key when it was chosen; null when that is not known. */
  keyStrength(): KeyStrength | null;
  lock(): void;
  seal(place: SealedPlace, secret: Secret): Uint8Array;
  unseal(place: SealedPlace, sealed: Uint8Array): Secret;
  /** Whether it opens, and (where one is given) has this fingerprint; the plain text goes nowhere. */
  opens(place: SealedPlace, sealed: Uint8Array, fingerprint?: Uint8Array | null): boolean;
  /** The same secret under the newest DEK; null when it is that already, or does not open at all. */
  reseal(place: SealedPlace, sealed: Uint8Array): Uint8Array | null;
  rowMac(table: string, rowId: string, fields: MacFields): Uint8Array;
  rowMacMatches(table: string, rowId: string, fields: MacFields, mac: Uint8Array): boolean;
  rowMacState(table: string, rowId: string, fields: MacFields, mac: Uint8Array): MacState;
  /** HMAC under K_audit over a row of the audit log and the MAC before it; null before the first. */
  auditMac(rowId: string, fields: MacFields, previous: Uint8Array | null): Uint8Array;
  /** HMAC under K_client: what a client key is stored and looked up by. */
  clientKeyDigest(clientKey: Secret): Uint8Array;
  /** HMAC under K_fp: notices a duplicate account key without decrypting any. */
  accountKeyFingerprint(accountKey: Secret): Uint8Array;
  close(): Promise<void>;
}

export interface VaultDeps {
  /** Cryptographic random bytes. */
  readonly random: (size: number) => Uint8Array;
  readonly clock: Clock;
  readonly kdf: Kdf;
  /** For new vaults, and what older ones are raised to when they are next unlocked. */
  readonly kdfParameters?: KdfParameters;
}

const MASTER_KEY_CHARACTERS_MIN = 12;
/** A call that was given its account before a rotation ended has dialled by then. */
const PREVIOUS_KEPT_MS = 10 * MINUTE_MS;

export function createVault(deps: VaultDeps): Vault {
  const { random, clock, kdf } = deps;
  const parameters = deps.kdfParameters ?? defaultKdfParameters(totalmem());
  /** Undefined until the database was read, and after it proved damaged: nothing may be initialised over it. */
  let stored: VaultHeader | null | undefined;
  let keyring: Keyring | null = null;
  /** Grows with every lock, so that a hash begun before it cannot unlock after it. */
  let epoch = 0;
  let rotatedAtMs = 0;

  const forget = (): void => {
    epoch++;
    keyring = null;
  };
  const header = (): VaultHeader => {
    if (stored) return stored;
    if (stored === null) throw new CamError('vault_uninitialised', 'The vault has no master key yet.');
    throw new CamError('vault_damaged', 'The vault header in the database could not be read.');
  };
  const unlocked = (): Unlocked => {
    if (keyring && stored) return { vaultId: stored.vaultId, keyring };
    throw stored === null
      ? new CamError('vault_uninitialised', 'The vault has no master key yet.')
      : new CamError('vault_locked', 'The vault is locked.');
  };
  const take = (opened: Keyring, began: number): void => {
    if (began !== epoch) {
      throw new CamError('vault_locked', 'The vault was locked while the master key was being checked.');
    }
    keyring = opened;
  };
  /** @param keys the keys that go with it; without them those in memory stay */
  const change = (
    before: VaultHeader,
    after: VaultHeader,
    keys?: (now: Keyring) => Keyring,
  ): HeaderChange => {
    const began = epoch;
    return {
      before,
      after,
      adopt() {
        stored = after;
        // A vault that was locked meanwhile stays so, with the new header.
        if (keys && keyring && began === epoch) keyring = keys(keyring);
      },
    };
  };
  /** The keys to the DEKs, for as long as `use` takes. */
  const withDeks = async <T>(
    masterKey: Secret,
    use: (open: { kek: Kek; deks: Deks; current: VaultHeader }) => Promise<T> | T,
  ): Promise<T> => {
    const current = header();
    const kek = await deriveKek(kdf, masterKey, current);
    const deks = openDeks(kek, current);
    if (!deks) throw new CamError('wrong_master_key', 'That is not the master key of this vault.');
    try {
      return await use({ kek, deks, current });
    } finally {
      wipe(deks);
    }
  };

  return {
    state: () => (keyring ? 'unlocked' : stored === null ? 'uninitialised' : 'locked'),

    attach(found) {
      forget();
      stored = undefined;
      if (found) checkHeader(found);
      stored = found;
    },

    async initialise(masterKey, strength) {
      refuseIfInitialised(stored);
      requireLength(masterKey);
      const began = epoch;
      const made = await createHeader({ kdf, random }, masterKey, parameters, clock.nowMs());
      refuseIfInitialised(stored);
      take(made.keyring, began);
      stored = marked(made.header, made.keyring, strength ?? null);
      return stored;
    },

    async unlock(masterKey) {
      const began = epoch;
      return withDeks(masterKey, async ({ deks, current }) => {
        // Raising is a courtesy: a hashing thread that is busy now leaves it to the next unlock.
        const raised = isHarder(parameters, kdfParametersOf(current))
          ? await rewrapHeader({ kdf, random }, masterKey, current, deks, parameters).catch(() => null)
          : null;
        take(openKeyring(current, deks), began);
        return raised && change(current, raised);
      });
    },

    async verify(masterKey) {
      const current = header();
      const deks = openDeks(await deriveKek(kdf, masterKey, current), current);
      wipe(deks);
      return deks !== null;
    },

    async rekey(masterKey, next, strength) {
      requireLength(next);
      return withDeks(masterKey, async ({ deks, current }) => {
        const cost = hardest(parameters, kdfParametersOf(current));
        const rewrapped = await rewrapHeader({ kdf, random }, next, current, deks, cost);
        const after = { ...rewrapped, keySetAtMs: Math.round(clock.nowMs()) };
        return change(current, marked(after, unlocked().keyring, strength));
      });
    },

    async beginRotation(masterKey) {
      return withDeks(masterKey, ({ kek, deks, current }) => {
        if (deks.next) throw new CamError('conflict', 'A rotation is under way already.');
        const dek = Uint8Array.from(random(KEY_BYTES));
        const after = headerWithNext(kek, current, dek, random);
        const newest = deriveGeneration(current.dekNumber + 1, dek);
        return change(current, after, (now) => ({
          ...now,
          newest,
          previous: now.newest,
          trustsPrevious: true,
        }));
      });
    },

    endRotation() {
      const current = header();
      const after = headerAfterRotation(current, unlocked().keyring, random, Math.round(clock.nowMs()));
      return change(current, after, (now) => {
        rotatedAtMs = clock.monotonicMs();
        return { ...now, trustsPrevious: false };
      });
    },

    rotating: () => Boolean(stored?.nextWrappedDek),

    tidy() {
      const over = keyring?.previous && !keyring.trustsPrevious;
      if (!keyring || !over || clock.monotonicMs() - rotatedAtMs < PREVIOUS_KEPT_MS) return;
      keyring = { ...keyring, previous: null };
    },

    header: () => stored ?? null,
    keyStrength: () =>
      keyring && stored ? readStrengthMark(keyring, stored.vaultId, stored.strengthMark) : null,
    lock: forget,
    ...createSealing(unlocked, random),

    async close() {
      forget();
      await kdf.close();
    },
  };
}

type Kek = Awaited<ReturnType<typeof deriveKek>>;
type Deks = NonNullable<ReturnType<typeof openDeks>>;

function marked(header: VaultHeader, keyring: Keyring, strength: KeyStrength | null): VaultHeader {
  return { ...header, strengthMark: strength && strengthMark(keyring, header.vaultId, strength) };
}

function requireLength(masterKey: Secret): void {
  if ([...reveal(masterKey)].length >= MASTER_KEY_CHARACTERS_MIN) return;
  throw new CamError('invalid_request', 'A master key needs at least 12 characters.', { param: 'masterKey' });
}

function refuseIfInitialised(stored: VaultHeader | null | undefined): void {
  if (stored === null) return;
  throw stored
    ? new CamError('vault_exists', 'The vault has a master key already.')
    : new CamError('vault_damaged', 'The vault header in the database could not be read.');
}
