import {
  beginSecondFactor,
  changePassword,
  confirmSecondFactor,
  getAccount,
  type PersonId,
  removeSecondFactor,
  renewRecoveryCodes,
  updateAccount,
} from '@isocenter/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import { endpoint, Problem } from '../../platform/http/index.ts';
import type { Tracer } from '../../platform/tracer/index.ts';
import { personOf, rightsChanged, selectPerson, updatePersonRow } from '../directory/index.ts';
import * as store from './account-store.ts';
import { type CheckParts, demandCode } from './check-sign-in.ts';
import { confirmPassword } from './confirm-password.ts';
import { accountSubject, addressSubject } from './failed-attempts.ts';
import { demandLocal, describeAccount } from './own-account.ts';
import { newRecoveryCode, newTotpSecret, plainRecoveryCode, RECOVERY_CODES, totpAddress } from './second-factor.ts';
import { preparePassword, setPassword } from './set-password.ts';

export interface AccountParts extends CheckParts {
  readonly tracer: Tracer;
  /** Whether passwords are kept here, and not by another provider. */
  readonly local: boolean;
  /** Ends the person's other sessions, here and at the embedded provider. */
  readonly endOthers: (person: PersonId, tx: Kysely<Tables>, request: FastifyRequest) => Promise<void>;
}

/** What someone does with their own account. */
export function accountRoutes(app: FastifyInstance, parts: AccountParts): void {
  const { database } = parts;
  endpoint(app, getAccount, (_input, { request }) => describeAccount(parts, personOf(request.caller)));
  endpoint(app, updateAccount, async ({ body }, { request }) => {
    const person = personOf(request.caller);
    await database.transaction(async (tx) => {
      await updatePersonRow(tx, person, body);
      await changed(parts, tx, person, 'name');
    });
    return describeAccount(parts, person);
  });
  endpoint(app, changePassword, async ({ body }, { request }) => {
    const person = personOf(request.caller);
    await confirmPassword(parts, person, body.current, request.ip);
    const { name = '', email = '' } = (await selectPerson(database.db, person)) ?? {};
    const password = await preparePassword(body.password, [name, email]);
    await database.transaction(async (tx) => {
      await setPassword(tx, person, password);
      await changed(parts, tx, person, 'password');
      await parts.endOthers(person, tx, request);
    });
    parts.log.info({ person }, 'a password was changed');
  });
  secondFactorRoutes(app, parts);
}

function secondFactorRoutes(app: FastifyInstance, parts: AccountParts): void {
  const { database, log } = parts;
  const already = (): Problem => new Problem('conflict', { reason: 'There is a second factor already.' });

  endpoint(app, beginSecondFactor, async ({ body }, { request }) => {
    const person = personOf(request.caller);
    await confirmPassword(parts, person, body.password, request.ip);
    const secret = newTotpSecret();
    if (!(await store.updateTotpSecret(database.db, person, secret))) throw already();
    const { email = '' } = (await selectPerson(database.db, person)) ?? {};
    return { secret, address: totpAddress(secret, email, 'Isocenter') };
  });

  endpoint(app, confirmSecondFactor, async ({ body }, { request }) => {
    const person = personOf(request.caller);
    const account = await demandLocal(parts, person);
    if (account.totpSince !== null) throw already();
    const { email = person } = (await selectPerson(database.db, person)) ?? {};
    await parts.attempts.begin(addressSubject(request.ip), accountSubject(email));
    await demandCode(parts, person, account, body.code);
    await parts.attempts.succeeded(addressSubject(request.ip), accountSubject(email));
    const codes = newCodes();
    await database.transaction(async (tx) => {
      await store.confirmTotp(tx, person, codes.map(plainRecoveryCode));
      await changed(parts, tx, person, 'second factor');
    });
    log.info({ person }, 'a second factor was set up');
    return { recoveryCodes: codes };
  });

  endpoint(app, renewRecoveryCodes, async ({ body }, { request }) => {
    const person = personOf(request.caller);
    const { totpSince } = await confirmPassword(parts, person, body.password, request.ip);
    if (totpSince === null) throw new Problem('conflict', { reason: 'There is no second factor.' });
    const codes = newCodes();
    await database.transaction(async (tx) => {
      await store.replaceRecoveryCodes(tx, person, codes.map(plainRecoveryCode));
      await changed(parts, tx, person, 'recovery codes');
    });
    return { recoveryCodes: codes };
  });

  endpoint(app, removeSecondFactor, async ({ body }, { request }) => {
    const person = personOf(request.caller);
    await confirmPassword(parts, person, body.password, request.ip);
    await database.transaction(async (tx) => {
      await store.removeTotp(tx, person);
      await changed(parts, tx, person, 'second factor');
    });
    log.info({ person }, 'a second factor was removed');
  });
}

/** Says in the log that something of the account is another now; what it is stays out of it. */
async function changed({ tracer }: AccountParts, tx: Kysely<Tables>, person: PersonId, field: string): Promise<void> {
  await tracer.record(tx, {
    actor: { kind: 'user', id: person },
    action: 'account.change',
    objects: [{ kind: 'person', id: person }],
    changes: [{ field }],
  });
  await rightsChanged(tx, person);
}

const newCodes = (): string[] => Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
