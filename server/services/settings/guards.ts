/**
 * Settings that a stolen sign-in must not be enough for: who may reach this program, where its traffic goes and
 * whether it keeps what calls say need the master key in the same request. What starts a program is for a person
 * with the file in hand, and the keychain is a deed of the vault's.
 */
import type { LeafName } from '../../../lib/config.ts';
import type { SettingView } from '../../../lib/wire/settings-views.ts';

const WITH_MASTER_KEY: ReadonlySet<LeafName> = new Set([
  'server.host',
  'server.allowed_hosts',
  'server.expose',
  'upstream.proxy',
  'capture.enabled',
] as const);

const BY_HAND: ReadonlySet<LeafName> = new Set(['alerts.command', 'vault.keychain'] as const);

export function guardOf(name: LeafName): SettingView['guard'] {
  if (BY_HAND.has(name)) return 'file';
  return WITH_MASTER_KEY.has(name) ? 'master_key' : 'open';
}
