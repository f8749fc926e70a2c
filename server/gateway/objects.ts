/**
 * The objects that a provider keeps for clients, as a call meets them: who owns what it names, before it is
 * planned; what its answer makes, proves or deletes, before that answer is shown. Also who sealed what, learned
 * from answers. The caller's id is part of every key: one client key never finds another's objects.
 */
import type { ClientKeyId } from '../../lib/base/id.ts';
import type { Call } from '../../lib/calls/call.ts';
import { readMadeId } from '../../lib/calls/made-id.ts';
import { kindDeletedBy, kindMadeBy, type ObjectKind } from '../../lib/calls/object-kinds.ts';
import { type OwnedId, readOwnedIds } from '../../lib/calls/owned-ids.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { CamError } from '../../lib/errors.ts';
import type { MeterReading } from '../../lib/metering/meter.ts';
import { isSameOwner, organizationOf, projectOf, sealerOf } from '../../lib/routing/limit-group.ts';
import type { Owner } from '../../lib/routing/plan-input.ts';
import type { Upstream } from '../../lib/routing/upstream.ts';
import type { ObjectOwners } from '../db/object-owners.ts';
import { shortHash } from '../short-hash.ts';
import type { PeekedAnswer } from '../upstream/peek.ts';

/** Who owns what, for one who looks; see `ObjectOwners` for whether looking counts. */
export type Lookup = Pick<ObjectOwners, 'get'>;

/** Ids are one namespace, whatever field they stand in. */
export function objectKey(callerId: ClientKeyId, id: string): string {
  return shortHash(`object\n${callerId}\n${id}`);
}

function sealKey(callerId: ClientKeyId, hash: string): string {
  return shortHash(`seal\n${callerId}\n${hash}`);
}

/** The organisation that is known to have sealed a text, given its hash. */
export function sealerOfText(caller: Caller, hash: string | null | undefined, owners: Lookup): string | null {
  return hash ? (owners.get(sealKey(caller.clientKeyId, hash))?.organization ?? null) : null;
}

/** Who owns what the call names; null when it names nothing that is known. Two owners cannot both serve it. */
export function findOwner(call: Call, caller: Caller, owners: Lookup): Owner | null {
  let first: { readonly named: OwnedId; readonly owner: Owner } | null = null;
  for (const named of readOwnedIds(call.endpoint, call.path, call.facts)) {
    const owner = owners.get(objectKey(caller.clientKeyId, named.id));
    if (owner === null) continue;
    if (first === null) first = { named, owner };
    else if (!isSameOwner(first.owner, owner)) {
      throw new CamError(
        'objects_of_two_accounts',
        `This call names ${say(first.named)} and ${say(named)}, which are stored at two different accounts. No account can reach both.`,
        { details: { objects: [place(first.named, first.owner), place(named, owner)] } },
      );
    }
  }
  return first?.owner ?? null;
}

const ID_SHOWN = 80;

function say({ kind, id }: OwnedId): string {
  return `the ${kind} ${id.slice(0, ID_SHOWN)}`;
}

function place({ kind, id }: OwnedId, { accountId }: Owner) {
  return { kind, id: id.slice(0, ID_SHOWN), account: accountId };
}

/**
 * What an answer that is about to be shown says of objects. Null for almost every call; else to be waited for,
 * because a row that says who owns an object is committed before its id reaches the client.
 */
export function claimObjects(
  call: Call,
  caller: Caller,
  served: Upstream,
  answer: PeekedAnswer,
  owners: ObjectOwners,
): Promise<void> | null {
  const { name } = call.endpoint;
  const named = readOwnedIds(call.endpoint, call.path, call.facts);
  if (named.length > 0) learnNamed(named, kindDeletedBy(name), caller, served, owners);
  const made = kindMadeBy(name);
  if (made === null || storesNothing(call)) return null;
  const id = idInHeld(answer.held, answer.eventStream);
  return id === null ? null : owners.own(objectKey(caller.clientKeyId, id), made, ownerIn(served));
}

/** The client knows these ids already, so it need not wait. */
function learnNamed(
  named: readonly OwnedId[],
  deleted: ObjectKind | null,
  caller: Caller,
  served: Upstream,
  owners: ObjectOwners,
): void {
  for (const { kind, id, proves } of named) {
    const key = objectKey(caller.clientKeyId, id);
    if (kind === deleted) owners.disown(key);
    else if (proves && owners.get(key) === null) owners.note(key, kind, ownerIn(served));
  }
}

/** Nearly always in the first piece of the answer. */
export function idInHeld(held: readonly Buffer[], eventStream: boolean): string | null {
  const [first] = held;
  if (first === undefined) return null;
  const id = readMadeId(first, eventStream);
  return id !== null || held.length === 1 ? id : readMadeId(Buffer.concat(held), eventStream);
}

/** What only the whole answer tells: what it sealed, and its id where the beginning did not hold it. */
export function learnFromAnswer(
  call: Call,
  caller: Caller,
  served: Upstream,
  { seals, responseId }: MeterReading,
  owners: Pick<ObjectOwners, 'note'>,
): void {
  for (const hash of seals) {
    const { id: accountId } = served.account;
    const owner = { accountId, organization: sealerOf(served), project: null };
    owners.note(sealKey(caller.clientKeyId, hash), 'seal', owner);
  }
  if (responseId === null || kindMadeBy(call.endpoint.name) !== 'response' || storesNothing(call)) return;
  owners.note(objectKey(caller.clientKeyId, responseId), 'response', ownerIn(served));
}

/** Whether its answer will tell the id of something that the provider keeps. */
export function makesObject(call: Call): boolean {
  return kindMadeBy(call.endpoint.name) !== null && !storesNothing(call);
}

/** With `store: false` a provider keeps nothing, so there is nothing to own. */
function storesNothing({ facts }: Call): boolean {
  return facts?.storesNothing ?? false;
}

function ownerIn(served: Upstream): Owner {
  return {
    accountId: served.account.id,
    organization: organizationOf(served),
    project: projectOf(served),
  };
}
