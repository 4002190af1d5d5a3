import { randomUUID } from 'node:crypto';
import {
  approvePerson,
  invitePerson,
  lockPerson,
  makePersonLink,
  type Person,
  type PersonDetail,
  type PersonId,
  type PersonState,
  refusePerson,
  removePersonSecondFactor,
  signPersonOut,
  type TracerAction,
} from '@isocenter/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import { endpoint, Problem } from '../../platform/http/index.ts';
import { actorOf } from '../../platform/tracer/index.ts';
import { removeTotp } from '../accounts/index.ts';
import {
  deleteLinks,
  demandPersonDetail,
  insertPerson,
  rightsChanged,
  selectPerson,
  updatePersonRow,
} from '../directory/index.ts';
import { type MadeAddress, makeLink } from './links.ts';
import { invitationMessage, resetMessage } from './messages.ts';
import { isEmbedded, mail, type RegistrationParts } from './parts.ts';

/** What administrators decide about people: who comes in, who stays out, and help for who lost a password. */
export function admissionRoutes(app: FastifyInstance, parts: RegistrationParts): void {
  inviteRoutes(app, parts);
  decideRoutes(app, parts);

  endpoint(app, removePersonSecondFactor, ({ params: { id } }, { request }) =>
    changing(parts, id, async (tx) => {
      await removeTotp(tx, id);
      await record(parts, request, tx, id, 'person.change', ['second factor']);
      await parts.endSessions(id, actorOf(request.caller), tx);
    }),
  );
  endpoint(app, signPersonOut, ({ params: { id } }, { request }) =>
    changing(parts, id, (tx) => parts.endSessions(id, actorOf(request.caller), tx)),
  );
}

function inviteRoutes(app: FastifyInstance, parts: RegistrationParts): void {
  const { database, addresses } = parts;
  endpoint(app, invitePerson, async ({ body: { name, email, organisationId, nodeRoles } }, { request }) => {
    const id = randomUUID() as PersonId;
    const made = await database.transaction(async (tx) => {
      const person = { id, name, email, state: 'invited' as const, organisationId: organisationId ?? null };
      if (!(await insertPerson(tx, { ...person, ...(nodeRoles && { nodeRoles }) })))
        throw new Problem('conflict', { reason: 'Someone has an account with this e-mail address already.' });
      await record(parts, request, tx, id, 'person.invite');
      return makeLink(tx, addresses, 'invitation', id);
    });
    return { person: await demandPersonDetail(database.db, id), link: await handOn(parts, email, 'invitation', made) };
  });

  endpoint(app, makePersonLink, async ({ params: { id } }, { request }) => {
    const { email, state } = await demandPersonDetail(database.db, id);
    // Where another provider keeps passwords, an account that is there is linked to it by an invitation.
    const kind = state === 'invited' || !isEmbedded(parts) ? 'invitation' : 'reset-password';
    if (state !== 'invited' && state !== 'active')
      throw new Problem('conflict', { reason: 'There is no link for an account in this state.' });
    const made = await database.transaction(async (tx) => {
      await record(parts, request, tx, id, kind === 'invitation' ? 'person.invite' : 'person.reset');
      return makeLink(tx, addresses, kind, id);
    });
    return handOn(parts, email, kind, made);
  });
}

/** Sends a link by mail where that can be done; the administrator gets it in any case. */
async function handOn(
  { mailer, log }: RegistrationParts,
  to: string,
  kind: 'invitation' | 'reset-password',
  { address, expiresAt }: MadeAddress,
) {
  let mailed = false;
  if (mailer !== undefined && to !== '') {
    const message = kind === 'invitation' ? invitationMessage(address, expiresAt) : resetMessage(address, expiresAt);
    try {
      await mailer.send({ to, ...message });
      mailed = true;
    } catch (error) {
      log.error({ code: (error as { code?: string }).code }, 'a message could not be sent');
    }
  }
  return { address, expiresAt: expiresAt.toISOString(), mailed };
}

function decideRoutes(app: FastifyInstance, parts: RegistrationParts): void {
  endpoint(app, approvePerson, ({ params: { id }, body: { organisationId } }, { request }) =>
    decided(parts, request, id, {
      from: ['waiting', 'refused', 'locked'],
      to: 'active',
      action: 'person.admit',
      also: async (tx, { email }) => {
        if (organisationId !== undefined) await updatePersonRow(tx, id, { organisationId });
        if (email !== '') await mail(parts, { occasion: 'admitted', email }, tx);
      },
    }),
  );
  endpoint(app, refusePerson, ({ params: { id } }, { request }) =>
    decided(parts, request, id, {
      from: ['unverified', 'waiting', 'invited'],
      to: 'refused',
      action: 'person.refuse',
      also: async (tx) => {
        for (const kind of ['invitation', 'verify-email'] as const) await deleteLinks(tx, kind, id);
      },
    }),
  );
  endpoint(app, lockPerson, ({ params: { id } }, { request }) => {
    if (request.caller.id === (id as string))
      throw new Problem('conflict', { reason: 'Nobody locks themselves out: ask another administrator.' });
    return decided(parts, request, id, {
      from: ['active'],
      to: 'locked',
      action: 'person.lock',
      also: async (tx) => {
        await deleteLinks(tx, 'reset-password', id);
        await parts.endSessions(id, actorOf(request.caller), tx);
      },
    });
  });
}

interface Decision {
  readonly from: readonly PersonState[];
  readonly to: PersonState;
  readonly action: TracerAction;
  readonly also: (tx: Kysely<Tables>, person: Person) => Promise<void>;
}

async function decided(
  parts: RegistrationParts,
  request: FastifyRequest,
  id: PersonId,
  { from, to, action, also }: Decision,
): Promise<PersonDetail> {
  await changing(parts, id, async (tx, person) => {
    if (!from.includes(person.state))
      throw new Problem('conflict', {
        reason: `The account is ${person.state}; reload to see what happened meanwhile.`,
      });
    await updatePersonRow(tx, id, { state: to });
    await also(tx, person);
    await record(parts, request, tx, id, action);
  });
  return demandPersonDetail(parts.database.db, id);
}

/** A change of someone's account, which is locked meanwhile: two decisions at once are one after the other. */
async function changing(
  { database }: RegistrationParts,
  id: PersonId,
  change: (tx: Kysely<Tables>, person: Person) => Promise<void>,
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.selectFrom('person').select('id').where('id', '=', id).forUpdate().execute();
    const person = await selectPerson(tx, id);
    if (person === undefined) throw new Problem('not-found', { what: 'person' });
    await change(tx, person);
    await rightsChanged(tx, id);
  });
}

async function record(
  { tracer }: RegistrationParts,
  request: FastifyRequest,
  tx: Kysely<Tables>,
  id: PersonId,
  action: TracerAction,
  fields: readonly string[] = [],
): Promise<void> {
  await tracer.record(tx, {
    actor: actorOf(request.caller),
    action,
    objects: [{ kind: 'person', id }],
    ...(fields.length > 0 && { changes: fields.map((field) => ({ field })) }),
  });
}
