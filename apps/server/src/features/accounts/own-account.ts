import type { Account, PersonId } from '@isocenter/contract';
import type { Database } from '../../platform/database/database.ts';
import { Problem } from '../../platform/http/index.ts';
import { selectOrganisationName, selectPerson } from '../directory/index.ts';
import { selectAcceptance } from '../terms/index.ts';
import * as store from './account-store.ts';

export async function describeAccount({ db }: Pick<Database, 'db'>, id: PersonId): Promise<Account> {
  const [person, local, accepted] = await Promise.all([
    selectPerson(db, id),
    store.selectAccount(db, id),
    selectAcceptance(db, id),
  ]);
  if (person === undefined) throw new Problem('not-found', { what: 'account' });
  const organisation = person.organisationId && (await selectOrganisationName(db, person.organisationId));
  return {
    name: person.name,
    email: person.email,
    organisation: organisation ?? person.organisationName,
    terms: accepted ? { version: accepted.version, acceptedAt: accepted.acceptedAt.toISOString() } : null,
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
