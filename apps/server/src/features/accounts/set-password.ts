import type { PersonId } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import { upsertPassword } from './account-store.ts';
import { hashPassword } from './password-hash.ts';
import { demandGoodPassword } from './password-rules.ts';

/** Looks whether a password may be chosen and makes what is kept of it, before a transaction is begun for the rest. */
export async function preparePassword(password: string, aboutOwner: readonly string[]): Promise<PreparedPassword> {
  await demandGoodPassword(password, aboutOwner);
  return { hash: await hashPassword(password) };
}

export interface PreparedPassword {
  readonly hash: string;
}

export function setPassword(tx: Kysely<Tables>, person: PersonId, password: PreparedPassword): Promise<void> {
  return upsertPassword(tx, person, password.hash);
}
