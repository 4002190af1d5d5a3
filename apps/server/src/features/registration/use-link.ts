import { randomUUID } from 'node:crypto';
import type { EndpointInput, PersonId, useLink } from '@isocenter/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import { Problem } from '../../platform/http/index.ts';
import {
  accountSubject,
  addressSubject,
  type PreparedPassword,
  preparePassword,
  setPassword,
} from '../accounts/index.ts';
import {
  insertPerson,
  type Link,
  type LinkKind,
  refusing,
  rightsChanged,
  selectLink,
  selectPerson,
  takeLink,
  updatePersonRow,
} from '../directory/index.ts';
import { beginSignIn } from '../session/index.ts';
import { isEmbedded, type RegistrationParts } from './parts.ts';

type Use = EndpointInput<typeof useLink>['body'];

/** A link that works, and whom it is for. */
export interface LinkFound {
  readonly link: Link;
  /** Empty for the first administrator, who is nobody yet. */
  readonly name: string;
  readonly email: string;
}

/** Throws for one that doesn't work; who tries many has to wait. */
export async function findLink(parts: RegistrationParts, key: string, address: string): Promise<LinkFound> {
  const link = await selectLink(parts.database.db, { key });
  if (link === undefined) {
    await parts.attempts.begin(addressSubject(address));
    throw new Problem('link-unusable');
  }
  const person = link.person === null ? undefined : await selectPerson(parts.database.db, link.person);
  return { link, name: person?.name ?? '', email: person?.email ?? '' };
}

/** Uses a link: a password is chosen here, or one signs in with the provider, which uses it up. */
export async function followLink(
  parts: RegistrationParts,
  use: Use,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ next: 'sign-in' | 'approval' | 'provider'; address: string | null }> {
  const found = await findLink(parts, use.key, request.ip);
  if (!isEmbedded(parts)) {
    const to = await beginSignIn(parts, request, reply, '/', found.link.id);
    return { next: 'provider', address: to.href };
  }
  const { name = found.name, email = found.email } = use;
  const password = await preparePassword(use.password ?? '', [name, email]);
  await parts.database.transaction(async (tx) => {
    // Of two at once, one gets it.
    const link = await takeLink(tx, { key: use.key }, found.link.kind);
    if (link === undefined) throw new Problem('link-unusable');
    const person = await outcomes[link.kind](parts, tx, { link, name, email });
    await finish(parts, tx, person, email, password);
  });
  return { next: found.link.kind === 'verify-email' ? 'approval' : 'sign-in', address: null };
}

async function finish(
  { attempts }: RegistrationParts,
  tx: Kysely<Tables>,
  person: PersonId,
  email: string,
  password: PreparedPassword,
): Promise<void> {
  await setPassword(tx, person, password);
  await rightsChanged(tx, person);
  // Whoever had to wait because others guessed at the account is let in with the new one.
  await attempts.succeeded(accountSubject(email));
}

type Outcome = (parts: RegistrationParts, tx: Kysely<Tables>, found: LinkFound) => Promise<PersonId>;

/** What each kind does besides setting the password; answers whose it is. */
const outcomes: Readonly<Record<LinkKind, Outcome>> = {
  async 'first-administrator'({ tracer }, tx, { name, email }) {
    if (name === '' || email === '') throw new Problem('conflict', { reason: 'Give a name and an e-mail address.' });
    const id = randomUUID() as PersonId;
    if (!(await insertPerson(tx, { id, name, email, state: 'active', nodeRoles: ['administrator'] }))) throw taken();
    await tracer.record(tx, {
      ...by(id),
      action: 'person.admit',
      changes: [{ field: 'node roles', new: ['administrator'] }],
    });
    return id;
  },
  async invitation({ tracer }, tx, { link, name, email }) {
    const id = demandPerson(link);
    await refusing({ person_by_email: taken }, () => updatePersonRow(tx, id, { state: 'active', name, email }));
    await tracer.record(tx, { ...by(id), action: 'person.admit' });
    return id;
  },
  async 'verify-email'({ tracer, onWaiting }, tx, { link, name }) {
    const id = demandPerson(link);
    await updatePersonRow(tx, id, { state: 'waiting' });
    await tracer.record(tx, { ...by(id), action: 'account.change', changes: [{ field: 'e-mail address verified' }] });
    await onWaiting(tx, id, name);
    return id;
  },
  async 'reset-password'({ tracer, endSessions }, tx, { link }) {
    const id = demandPerson(link);
    await tracer.record(tx, { ...by(id), action: 'account.change', changes: [{ field: 'password' }] });
    await endSessions(id, { kind: 'user', id }, tx);
    return id;
  },
};

const by = (id: PersonId) => ({ actor: { kind: 'user' as const, id }, objects: [{ kind: 'person' as const, id }] });
const taken = (): Problem =>
  new Problem('conflict', { reason: 'Someone has an account with this e-mail address already.' });

function demandPerson({ person }: Link): PersonId {
  if (person === null) throw new Problem('link-unusable');
  return person;
}
