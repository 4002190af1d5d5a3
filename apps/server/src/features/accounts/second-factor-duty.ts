import type { Database } from '../../platform/database/database.ts';
import type { Duty } from '../directory/index.ts';
import { selectAccount } from './account-store.ts';

/** Whoever has to set up a second factor and has not does nothing else before; with another provider it is its matter. */
export const secondFactorDuty =
  ({ db }: Pick<Database, 'db'>, wanted: 'none' | 'administrators' | 'everyone'): Duty =>
  async (person, roles) => {
    if (wanted === 'none' || (wanted === 'administrators' && !roles.includes('administrator'))) return undefined;
    const account = await selectAccount(db, person);
    return account !== undefined && account.totpSince === null ? 'second-factor' : undefined;
  };
