import { type Account, PersonId } from '@isocenter/contract';
import type { Database } from '../../platform/database/database.ts';
import { type Caller, Problem } from '../../platform/http/index.ts';
import { selectOrganisationName, selectPerson } from '../directory/index.ts';
import * as store from './account-store.ts';

/** The person whose account it is: the token of the configuration and nodes have none. */
export function personOf(caller: Caller): PersonId {
  if (caller.kind !== 'person') throw new Problem('not-found', { what: 'account' });
  return PersonId.parse(caller.id);
}

export async function describeAccount({ db }: Pick<Database, 'db'>, id: PersonId): Promise<Account> {
  const [person, local] = await Promise.all([selectPerson(db, id), store.selectAccount(db, id)]);
  if (person === undefined) throw new Problem('not-found', { what: 'account' });
  const organisation = person.organisationId && (await selectOrganisationName(db, person.organisationId));
  return {
    name: person.name,
    email: person.email,
    organisation: organisation ?? person.organisationName,
    local: local
      ? {
          passwordChangedAt: local.passwordChangedAt.toISOString(),
          secondFactorSince: local.totpSince?.toISOString() ?? null,
          recoveryCodes: await store.countRecoveryCodes(db, id),
        }
      : null,
  };
}

export async function demandLocal(db: Database['db'], id: PersonId): Promise<store.LocalAccount> {
  const account = await store.selectAccount(db, id);
  if (account === undefined) {
    throw new Problem('conflict', { reason: 'Password and second factor are kept by your identity provider.' });
  }
  return account;
}
