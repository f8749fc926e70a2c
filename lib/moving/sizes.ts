/** How much an import may bring. As base64 in a request the largest file still fits under the admin API's 1 MiB. */
export const IMPORT_BYTES_MAX = 720 * 1024;
export const IMPORT_ACCOUNTS_MAX = 1_000;
export const IMPORT_CLIENT_KEYS_MAX = 2_000;
/** A passphrase must hold against somebody who has the file and all the time there is. */
export const PASSPHRASE_LENGTH_MIN = 12;
export const PASSPHRASE_LENGTH_MAX = 1_024;
export const RECIPIENTS_MAX = 20;
