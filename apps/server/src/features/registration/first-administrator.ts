import type { Database } from '../../platform/database/database.ts';
import type { Addresses } from '../../platform/http/index.ts';
import { hasAdministrator } from '../directory/index.ts';
import { makeLink } from './links.ts';

/** Where the first administrator makes their account; undefined once there is one. */
export async function firstAdministratorLink(
  { database }: { readonly database: Database },
  addresses: Pick<Addresses, 'base'>,
): Promise<string | undefined> {
  if (await hasAdministrator(database.db)) return undefined;
  return (await makeLink(database.db, addresses, 'first-administrator', null)).address;
}
