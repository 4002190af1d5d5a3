import type { AreaId, Zone } from '@isocenter/contract';
import type { Area } from '../areas/area-store.ts';

/** The areas that a new database has: one for each zone, of no project and site. */
export const unassigned: Readonly<Record<Zone, Area>> = {
  landing: { id: 1 as AreaId, zone: 'landing', project: null, site: null },
  staging: { id: 2 as AreaId, zone: 'staging', project: null, site: null },
  repository: { id: 3 as AreaId, zone: 'repository', project: null, site: null },
};
