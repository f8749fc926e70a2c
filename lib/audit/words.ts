/** Deeds and actors in the words that the command line and the dashboard show. */
import type { Actor } from './actor.ts';
import type { Deed } from './deeds.ts';

export function sayActor(actor: Actor): string {
  switch (actor.kind) {
    case 'server':
      return 'the server';
    case 'in_process':
      return 'a command here';
    case 'browser':
      return `browser ${actor.session}`;
    case 'command_line':
      return `command line ${actor.session}`;
    case 'visitor':
      return actor.via === 'browser' ? 'somebody in a browser' : 'somebody at the command line';
    case 'client_key':
      return `client key ${actor.name}`;
  }
}

const WORDS: Readonly<Record<Deed, string>> = {
  'vault.set_up': 'set up',
  'vault.unlocked': 'unlocked',
  'vault.unlock_failed': 'wrong master key',
  'vault.locked': 'locked',
  'vault.panicked': 'locked at once',
  'vault.rekeyed': 'master key changed',
  'vault.rotated': 'encrypted anew',
  'vault.exported': 'exported',
  'vault.imported': 'imported',
  'backup.made': 'backed up',
  'backup.restored': 'restored from a backup',
  'session.began': 'signed in',
  'session.ended': 'signed out',
  'step_up.passed': 'master key given again',
  'step_up.failed': 'wrong master key given again',
  'account.added': 'added',
  'account.edited': 'edited',
  'account.removed': 'removed',
  'account.enabled': 'enabled',
  'account.disabled': 'disabled',
  'account.tested': 'tested',
  'account.paused': 'paused',
  'account.resumed': 'resumed',
  'account.cleared': 'cleared',
  'account.use_reset': 'use counted anew',
  'client_key.added': 'added',
  'client_key.edited': 'edited',
  'client_key.use_reset': 'use counted anew',
  'client_key.revoked': 'revoked',
  'settings.changed': 'changed',
  'audit.head_lost': 'the log’s end was tampered with',
};

/** A deed that a later version noted reads as it was written. */
export function sayDeed(deed: string): string {
  return Object.hasOwn(WORDS, deed) ? WORDS[deed as Deed] : deed;
}

/** The facts of a deed in a few words; what a later version noted reads as it was written. */
export function sayDetail({ detail, whileLocked }: SayableRow): string {
  const facts = Object.entries(detail).flatMap(([name, value]) => sayFact(name, value));
  return [...facts, ...(whileLocked ? ['noted while locked'] : [])].join('; ');
}

interface SayableRow {
  readonly detail: Readonly<Record<string, unknown>>;
  readonly whileLocked: boolean;
}

const NAMELESS = new Set(['changed', 'purpose', 'reason', 'baseUrl', 'file']);
const NAMES: Readonly<Record<string, string>> = {
  movedTo: 'calls go to',
  raised: 'gives more',
  verdict: 'check',
};

/** For programs, not for reading. */
const SILENT = new Set(['before', 'after']);

function sayFact(name: string, value: unknown): string[] {
  if (SILENT.has(name)) return [];
  if (value === null || value === false || (Array.isArray(value) && value.length === 0)) return [];
  const text = Array.isArray(value) ? value.map(String).join(', ') : String(value);
  if (value === true) return [name];
  return [NAMELESS.has(name) ? text : `${NAMES[name] ?? name} ${text}`];
}
