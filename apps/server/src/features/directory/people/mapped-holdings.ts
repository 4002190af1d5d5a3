import { type Holding, isNodeRole, type ProjectId, type SiteId } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { RoleMapping } from '../../../platform/config.ts';
import type { Tables } from '../../../platform/database/tables.ts';
import type { Log } from '../../../platform/log.ts';
import { selectSites } from '../organisations/organisation-store.ts';
import { selectProjects } from '../projects/project-store.ts';

/** What the groups that a provider names stand for. Projects and sites that aren't there give no role. */
export async function mappedHoldings(
  db: Kysely<Tables>,
  map: readonly RoleMapping[],
  groups: readonly string[],
  log: Log,
): Promise<Holding[]> {
  const wanted = map.filter(({ group }) => groups.includes(group));
  if (wanted.length === 0) return [];
  const [projects, sites] = await Promise.all([selectProjects(db), selectSites(db)]);
  const idOf = new Map<string, ProjectId>(projects.map(({ code, id }) => [code, id]));
  const siteOf = new Map<string, SiteId>(sites.map(({ code, id }) => [code, id]));
  return wanted.flatMap(({ role, project, site }): Holding[] => {
    if (isNodeRole(role)) return [{ role, project: null, site: null }];
    const projectId = idOf.get(project ?? '');
    const siteId = site === undefined ? null : siteOf.get(site);
    if (projectId === undefined || siteId === undefined) {
      log.warn({ role, project, site }, 'OIDC_ROLE_MAP names a project or site that is not there');
      return [];
    }
    return [{ role, project: projectId, site: siteId }];
  });
}

/** The groups in a provider's claims: a list or one text, under a name that may lead deeper (`realm_access.roles`). */
export function groupsIn(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  let value: unknown = Object.hasOwn(claims, claim) ? claims[claim] : claims;
  if (value === claims) {
    for (const name of claim.split('.')) {
      value =
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined;
    }
  }
  return [value].flat().filter((each): each is string => typeof each === 'string');
}
