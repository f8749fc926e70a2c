/**
 * Who shares what with whom. Rate limits, prompt caches and sealed reasoning belong to organisations and
 * projects, not to keys: two keys of one project are one bucket.
 */
import type { Owner } from './plan-input.ts';
import type { Upstream } from './upstream.ts';

/** The organisation as learned from answers, else as configured; null while neither is known. */
export function organizationOf({ facts, account }: Upstream): string | null {
  return facts.organization ?? account.organizationId;
}

export function projectOf({ facts, account }: Upstream): string | null {
  return facts.project ?? account.projectId;
}

/** The organisation, or the account itself while its organisation is unknown: it shares with nobody for sure. */
export function sealerOf(upstream: Upstream): string {
  return organizationOf(upstream) ?? `account:${upstream.account.id}`;
}

/** The rate-limit bucket; without the project there is no telling, so the account stands alone. */
export function limitGroupOf(upstream: Upstream): string {
  const project = projectOf(upstream);
  const organization = organizationOf(upstream);
  if (organization === null || project === null) return `account:${upstream.account.id}`;
  return `${organization}/${project}`;
}

/** Stored objects belong to a project: any of its keys reaches them. */
export function keepsObjectsOf(upstream: Upstream, owner: Owner): boolean {
  if (upstream.account.id === owner.accountId) return true;
  if (owner.project === null || owner.organization === null) return false;
  return projectOf(upstream) === owner.project && organizationOf(upstream) === owner.organization;
}

/** Whether one account can reach the objects of both. */
export function isSameOwner(a: Owner, b: Owner): boolean {
  if (a.accountId === b.accountId) return true;
  return (
    a.project !== null &&
    a.organization !== null &&
    a.project === b.project &&
    a.organization === b.organization
  );
}
