import type { Database } from '../../platform/database/database.ts';
import type { Duty } from '../directory/index.ts';
import { selectAcceptance, selectTerms } from './terms-store.ts';

/** Whoever has not accepted the current terms of use does so before anything else. */
export const termsDuty =
  ({ db }: Pick<Database, 'db'>): Duty =>
  async (person) => {
    const terms = await selectTerms(db);
    if (terms === undefined) return undefined;
    return (await selectAcceptance(db, person))?.version === terms.version ? undefined : 'terms';
  };
