import type { MyProject, StoreArea, Zone } from '@isocenter/contract';
import type { Database } from '../../platform/database/database.ts';
import type { Caller } from '../../platform/http/index.ts';
import type { Areas } from './areas/areas.ts';
import { selectSites } from './organisations/organisation-store.ts';
import { selectProjects } from './projects/project-store.ts';

/** Where a caller has something to do, with names for people. */
export interface MyPlaces {
  readonly projects: MyProject[];
  readonly zones: Zone[];
  readonly storeAreas: StoreArea[];
}

export async function myPlaces({ db }: Pick<Database, 'db'>, areas: Areas, caller: Caller): Promise<MyPlaces> {
  const store = areas.allowed(caller, 'instance.store').areas;
  const ids = new Set([...caller.holdings, ...store].flatMap(({ project }) => (project === null ? [] : [project])));
  const [projects, sites] = await Promise.all([selectProjects(db, [...ids]), selectSites(db)]);
  const siteName = new Map<string | null, string>(sites.map(({ id, name }) => [id, name]));
  const projectName = new Map<string | null, string>(projects.map(({ id, name }) => [id, name]));
  return {
    projects: projects.flatMap(({ id, name }) => {
      const roles = caller.holdings.flatMap(({ role, project, site }) =>
        project === id && role !== 'node' ? [{ role, site, siteName: siteName.get(site) ?? null }] : [],
      );
      return roles.length > 0 ? [{ id, name, roles }] : [];
    }),
    zones: [...new Set(areas.allowed(caller, 'study.read').areas.map(({ zone }) => zone))],
    storeAreas: store.map(({ id, zone, project, site }) => ({
      id,
      zone,
      projectName: projectName.get(project) ?? null,
      siteName: siteName.get(site) ?? null,
    })),
  };
}
