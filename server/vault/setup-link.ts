/**
 * The one-time link by which the first visitor proves to be whoever started the server. Its token is 256 random
 * bits in the URL's fragment, which browsers never send and logs never see; it is exchanged by POST.
 * It is good for 30 minutes or until used, and is shown on standard output only, or in a private file when
 * standard output is not a terminal but a log.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, MINUTE_MS } from '../../lib/base/time.ts';
import { CamError } from '../../lib/errors.ts';
import type { LoginThrottle } from './sessions.ts';

const VALID_MS = 30 * MINUTE_MS;
const FILE = 'setup-link';

export interface SetupLink {
  /** The whole link, e.g. `http://127.0.0.1:8080/admin/setup#…`. For `announceSetupLink` only. */
  url(origin: string): string;
  /** Throws `setup_link_invalid` (counted as a failed sign-in) or `login_throttled`. */
  check(token: string): void;
  /** The vault exists now: no token is right any more. */
  spend(): void;
}

export function createSetupLink(deps: {
  readonly clock: Clock;
  random(bytes: number): Uint8Array;
  readonly throttle: LoginThrottle;
}): SetupLink {
  const token = Buffer.from(deps.random(32)).toString('base64url');
  const digest = hash(token);
  const bornAtMs = deps.clock.monotonicMs();
  let spent = false;

  return {
    url: (origin) => `${origin}/admin/setup#${token}`,
    check: (presented) => {
      const waitMs = deps.throttle.waitMs();
      if (waitMs > 0) {
        throw new CamError('login_throttled', 'Too many wrong tries.', { retryAfterMs: waitMs });
      }
      const right = timingSafeEqual(hash(presented), digest);
      const expired = deps.clock.monotonicMs() - bornAtMs > VALID_MS;
      if (right && !spent && !expired) return;
      if (!right) deps.throttle.failed();
      throw new CamError(
        'setup_link_invalid',
        right ? 'This setup link has been used or is older than 30 minutes.' : 'This is not the setup link.',
        { hint: 'Restart the server to get a new link.' },
      );
    },
    spend: () => {
      spent = true;
    },
  };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Shows the link where only the person who started the server can see it. */
export function announceSetupLink(
  url: string,
  to: { readonly dataFolder: string; readonly isTerminal: boolean; write(text: string): void },
): void {
  if (to.isTerminal) {
    removeSetupLinkFile(to.dataFolder);
    to.write(`Set up the vault within 30 minutes at ${url}\n`);
    return;
  }
  const path = join(to.dataFolder, FILE);
  const draft = `${path}.new`;
  writeFileSync(draft, `${url}\n`, { mode: 0o600 });
  renameSync(draft, path);
  to.write(`Set up the vault within 30 minutes: the link is in ${path}\n`);
}

export function removeSetupLinkFile(dataFolder: string): void {
  rmSync(join(dataFolder, FILE), { force: true });
}
