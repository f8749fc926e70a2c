/** Who did something: never a secret, and never enough to become that one. */
import type { ClientKeyId } from '../base/id.ts';

export type Actor =
  /** The server by itself, e.g. when it unlocks with a key file as it starts. */
  | { readonly kind: 'server' }
  /** A command in its own process, with the master key. */
  | { readonly kind: 'in_process' }
  /** A sign-in; `session` tells sign-ins apart and opens nothing. */
  | { readonly kind: 'browser' | 'command_line'; readonly session: string }
  /** Somebody who has not proved to be an operator. */
  | { readonly kind: 'visitor'; readonly via: 'browser' | 'command_line' }
  | { readonly kind: 'client_key'; readonly id: ClientKeyId; readonly name: string };

export const SERVER: Actor = { kind: 'server' };
