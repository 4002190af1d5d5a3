import type { Account, PersonId } from '@isocenter/contract';
import type { Database } from '../../platform/database/database.ts';
import { Problem } from '../../platform/http/index.ts';
import { selectOrganisationName, selectPerson } from '../directory/index.ts';
import { selectAcceptance } from '../terms/index.ts';
import * as store from './account-store.ts';

/** What tells whether passwords are kept here: what an embedded provider had kept counts for nothing with another. */
export interface OwnAccountParts {
  readonly database: Pick<Database, 'db'>;
  readonly local: boolean;
}

const localAccount = async ({ database, local }: OwnAccountParts, id: PersonId) =>
  local ? store.selectAccount(database.db, id) : undefined;

export async function describeAccount(parts: OwnAccountParts, id: PersonId): Promise<Account> {
  const { db } = parts.database;
  const [person, local, accepted] = await Promise.all([
    selectPerson(db, id),
    localAccount(parts, id),
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

export async function demandLocal(parts: OwnAccountParts, id: PersonId): Promise<store.LocalAccount> {
  const account = await localAccount(parts, id);
  if (account === undefined) {
    throw new Problem('conflict', { reason: 'Password and second factor are kept by your identity provider.' });
  }
  return account;
}
