/** Where a sealed value lives; bound into it (AAD), so that it opens nowhere else. */
import { lengthPrefixed, u32 } from './canonical-bytes.ts';

export interface SealedPlace {
  readonly table: 'accounts' | 'captures' | 'notification_targets' | 'vault_header';
  readonly rowId: string;
  readonly column:
    | 'sealed_key'
    | 'sealed_admin_key'
    | 'sealed_lookup_root'
    | 'sealed_url'
    | 'sealed_secret'
    | 'sealed_bodies';
}

export const LOOKUP_ROOT: SealedPlace = { table: 'vault_header', rowId: '1', column: 'sealed_lookup_root' };

/** Raised when the meaning of a sealed column changes. */
const SCHEMA_VERSION = 1;

export function placeAad(vaultId: Uint8Array, { table, rowId, column }: SealedPlace): Buffer {
  return lengthPrefixed(['cam/v1/sealed', vaultId, table, rowId, column, u32(SCHEMA_VERSION)]);
}
