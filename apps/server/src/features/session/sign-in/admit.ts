import { randomUUID } from 'node:crypto';
import { type DatasetGrant, type Holding, PersonId } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { Database } from '../../../platform/database/database.ts';
import type { Tables } from '../../../platform/database/tables.ts';
import { Problem } from '../../../platform/http/index.ts';
import type { Log } from '../../../platform/log.ts';
import type { Tracer } from '../../../platform/tracer/index.ts';
import {
  type Callers,
  type ExternalIdentity,
  groupsIn,
  insertPerson,
  type Link,
  mappedHoldings,
  rightsChanged,
  selectIdentity,
  selectPerson,
  takeLink,
  updatePersonRow,
  upsertIdentity,
} from '../../directory/index.ts';
import type { IdentityProvider } from './identity-provider.ts';

/** What a provider says of someone, in an ID token or an access token. */
export interface Introduced {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What visas grant; absent where none were asked for, and those of before stay. */
  readonly grants?: readonly DatasetGrant[];
}

export interface AdmitParts {
  readonly database: Database;
  readonly provider: IdentityProvider;
  readonly log: Log;
  readonly tracer: Tracer;
  readonly callers: Callers;
  /** Tells administrators that someone waits for them. */
  readonly onWaiting: (tx: Kysely<Tables>, person: PersonId, name: string) => Promise<void>;
}

/**
 * Finds out which person it is whom the provider introduces. The embedded one introduces people by their id. Another
 * one's subject is known from before, comes with an invitation, has groups that stand for roles, or has to wait until an
 * administrator decides. E-mail addresses link nobody: whoever can choose theirs at the provider could be anyone.
 *
 * @param linkId the invitation that is accepted with it, or the link of the first administrator.
 */
export async function admit(parts: AdmitParts, introduced: Introduced, linkId: string | null): Promise<PersonId> {
  const { provider, database } = parts;
  if (provider.kind === 'embedded') return demandActive(database.db, PersonId.parse(introduced.subject));
  const { person, changed } = await database.transaction(async (tx) => {
    const groups = groupsIn(introduced.claims, provider.roles.claim);
    const holdings = await mappedHoldings(tx, provider.roles.map, groups, parts.log);
    const known = await selectIdentity(tx, introduced.issuer, introduced.subject);
    if (known === undefined) return { person: await welcome(parts, tx, introduced, holdings, linkId), changed: true };
    return { ...known, changed: await keepUp(parts, tx, introduced, known, holdings) };
  });
  // This process has to know before the request goes on; the notification comes a moment later.
  if (changed) parts.callers.forget(person);
  return demandActive(database.db, person);
}

/** Brings what is known of someone to what the provider says now; false when nothing of it has changed. */
async function keepUp(
  parts: AdmitParts,
  tx: Kysely<Tables>,
  { issuer, subject, grants: granted }: Introduced,
  known: ExternalIdentity,
  holdings: readonly Holding[],
): Promise<boolean> {
  const { person, grants: before } = known;
  const grants = granted ?? before;
  const otherRoles = JSON.stringify(known.holdings) !== JSON.stringify(holdings);
  if (!otherRoles && JSON.stringify(before) === JSON.stringify(grants)) return false;
  await upsertIdentity(tx, issuer, subject, { person, holdings, grants });
  await rightsChanged(tx, person);
  if (otherRoles) await recordRoles(parts, tx, person, known.holdings, holdings);
  parts.log.info({ person, holdings, grants: grants.length }, 'the provider says otherwise of a person’s rights now');
  return true;
}

async function welcome(
  parts: AdmitParts,
  tx: Kysely<Tables>,
  { issuer, subject, claims, grants = [] }: Introduced,
  holdings: readonly Holding[],
  linkId: string | null,
): Promise<PersonId> {
  const link = linkId === null ? undefined : await takeInvitation(tx, linkId);
  const person = link?.person ?? (await enrol(parts, tx, claims, link || holdings.length > 0 ? 'active' : 'waiting'));
  if (link) await updatePersonRow(tx, person, { state: 'active', ...(link.person === null && { nodeRoles: FIRST }) });
  await upsertIdentity(tx, issuer, subject, { person, holdings, grants });
  if (link !== undefined || holdings.length > 0) await recordRoles(parts, tx, person, [], holdings, 'person.admit');
  await rightsChanged(tx, person);
  return person;
}

const FIRST = ['administrator'] as const;

async function takeInvitation(tx: Kysely<Tables>, id: string): Promise<Link> {
  const link = (await takeLink(tx, { id }, 'invitation')) ?? (await takeLink(tx, { id }, 'first-administrator'));
  if (link === undefined) throw new Problem('link-unusable');
  return link;
}

/** The provider gives roles and takes them: it is the one who acts. */
async function recordRoles(
  { tracer }: AdmitParts,
  tx: Kysely<Tables>,
  person: PersonId,
  before: readonly Holding[],
  after: readonly Holding[],
  action: 'person.admit' | 'person.change' = 'person.change',
): Promise<void> {
  const names = (holdings: readonly Holding[]): string[] =>
    holdings.map(({ role, project, site }) => [role, project, site].filter((each) => each !== null).join(' '));
  await tracer.record(tx, {
    actor: { kind: 'service', id: 'identity-provider' },
    action,
    objects: [{ kind: 'person', id: person }],
    changes: [{ field: 'roles by groups', old: names(before), new: names(after) }],
  });
}

async function enrol(
  { onWaiting, tracer }: AdmitParts,
  tx: Kysely<Tables>,
  claims: Introduced['claims'],
  state: 'active' | 'waiting',
): Promise<PersonId> {
  const id = randomUUID() as PersonId;
  const email = textOf(claims.email);
  const name = textOf(claims.name) || textOf(claims.preferred_username) || email || 'Without a name';
  if (!(await insertPerson(tx, { id, name, email, state }))) throw new Problem('account-exists');
  if (state === 'waiting') {
    const [actor, objects] = [{ kind: 'user' as const, id }, [{ kind: 'person' as const, id }]];
    await tracer.record(tx, { actor, action: 'person.register', objects });
    await onWaiting(tx, id, name);
  }
  return id;
}

const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .replace(/\p{Cc}/gu, '')
        .trim()
        .slice(0, 200)
    : '';

async function demandActive(db: Database['db'], id: PersonId): Promise<PersonId> {
  const person = await selectPerson(db, id);
  if (person?.state === 'active') return id;
  throw new Problem(person?.state === 'waiting' ? 'account-waiting' : 'account-closed');
}
