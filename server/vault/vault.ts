/**
 * The Vault: the only room with keys. It seals and unseals single secrets, authenticates rows that grant or
 * steer something, and digests client keys. It knows nothing of the database: its header and everything it
 * seals are handed in and out as bytes.
 */
import { totalmem } from 'node:os';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import type { Clock } from '../../lib/base/time.ts';
import { CamError } from '../../lib/errors.ts';
import type { VaultState } from '../../lib/wire/views.ts';
import {
  checkHeader,
  createHeader,
  kdfParametersOf,
  openKeyring,
  raiseHeader,
  unwrapDek,
  type VaultHeader,
} from './header.ts';
import type { Kdf } from './kdf.ts';
import { defaultKdfParameters, isHarder, type KdfParameters } from './kdf-parameters.ts';
import type { Keyring } from './keyring.ts';
import type { SealedPlace } from './place.ts';
import type { MacFields } from './row-mac.ts';
import { createSealing, type Unlocked } from './sealing.ts';

export type { VaultHeader } from './header.ts';
export type { SealedPlace } from './place.ts';
export type { MacFields } from './row-mac.ts';

export interface Vault {
  state(): VaultState;
  /**
   * Tells the vault which header is stored; null is a fresh database. Forgets all keys. Throws `vault_damaged`,
   * and then stays locked. Also the way back when a header made by `initialise` could not be stored.
   */
  attach(header: VaultHeader | null): void;
  /** Makes a new vault under a master key and leaves it unlocked; the caller stores the header. */
  initialise(masterKey: Secret): Promise<VaultHeader>;
  /**
   * Throws `wrong_master_key`, `kdf_busy`, `vault_damaged`. Answers a header to be stored in place of the old
   * one when the default cost of trying a master key has risen since; null when there is nothing to store.
   */
  unlock(masterKey: Secret): Promise<VaultHeader | null>;
  /** Checks a master key without changing the state (step-up). */
  verify(masterKey: Secret): Promise<boolean>;
  lock(): void;
  seal(place: SealedPlace, secret: Secret): Uint8Array;
  unseal(place: SealedPlace, sealed: Uint8Array): Secret;
  rowMac(table: string, rowId: string, fields: MacFields): Uint8Array;
  rowMacMatches(table: string, rowId: string, fields: MacFields, mac: Uint8Array): boolean;
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

export function createVault(deps: VaultDeps): Vault {
  const { random, clock, kdf } = deps;
  const parameters = deps.kdfParameters ?? defaultKdfParameters(totalmem());
  /** Undefined until the database was read, and after it proved damaged: nothing may be initialised over it. */
  let stored: VaultHeader | null | undefined;
  let keyring: Keyring | null = null;
  /** Grows with every lock, so that a hash begun before it cannot unlock after it. */
  let epoch = 0;

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

  return {
    state: () => (keyring ? 'unlocked' : stored === null ? 'uninitialised' : 'locked'),

    attach(found) {
      forget();
      stored = undefined;
      if (found) checkHeader(found);
      stored = found;
    },

    async initialise(masterKey) {
      refuseIfInitialised(stored);
      if (reveal(masterKey).length < MASTER_KEY_CHARACTERS_MIN) {
        throw new CamError('invalid_request', 'A master key needs at least 12 characters.', {
          param: 'masterKey',
        });
      }
      const began = epoch;
      const made = await createHeader({ kdf, random }, masterKey, parameters, clock.nowMs());
      refuseIfInitialised(stored);
      take(made.keyring, began);
      stored = made.header;
      return made.header;
    },

    async unlock(masterKey) {
      const current = header();
      const began = epoch;
      const dek = await unwrapDek(kdf, masterKey, current);
      if (!dek) throw new CamError('wrong_master_key', 'That is not the master key of this vault.');
      // Raising is a courtesy: a hashing thread that is busy now leaves it to the next unlock.
      const raised = isHarder(parameters, kdfParametersOf(current))
        ? await raiseHeader({ kdf, random }, masterKey, current, dek, parameters).catch(() => null)
        : null;
      take(openKeyring(current, dek), began);
      if (raised) stored = raised;
      return raised;
    },

    async verify(masterKey) {
      const dek = await unwrapDek(kdf, masterKey, header());
      dek?.fill(0);
      return dek !== null;
    },

    lock: forget,
    ...createSealing(unlocked, random),

    async close() {
      forget();
      await kdf.close();
    },
  };
}

function refuseIfInitialised(stored: VaultHeader | null | undefined): void {
  if (stored === null) return;
  throw stored
    ? new CamError('vault_exists', 'The vault has a master key already.')
    : new CamError('vault_damaged', 'The vault header in the database could not be read.');
}
