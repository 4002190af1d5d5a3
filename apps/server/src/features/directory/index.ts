import type { FastifyInstance } from 'fastify';
import type { Services } from '../../platform/services.ts';
import { organisationRoutes } from './organisations/organisation-routes.ts';
import { peopleRoutes } from './people/people-routes.ts';
import { projectRoutes } from './projects/project-routes.ts';

export type { Area } from './areas/area-store.ts';
export { Areas } from './areas/areas.ts';
export { Callers, type Duty } from './callers.ts';
export { refusing } from './constraint.ts';
export { type MyPlaces, myPlaces } from './my-places.ts';
export { selectOrganisationName } from './organisations/organisation-store.ts';

export { DEMO_DOMAIN, selectDemoPeople } from './people/demo-people.ts';
export { type ExternalIdentity, selectIdentity, upsertIdentity } from './people/external-identity-store.ts';
export {
  deleteExpiredLinks,
  deleteLinks,
  insertLink,
  type Link,
  type LinkKind,
  selectLink,
  takeLink,
} from './people/link-store.ts';
export { groupsIn, mappedHoldings } from './people/mapped-holdings.ts';
export { demandPersonDetail } from './people/people-routes.ts';
export { personOf } from './people/person-of.ts';
export {
  hasAdministrator,
  insertPerson,
  type NewPerson,
  selectPerson,
  selectPersonByEmail,
  updateLastSignIn,
  updatePersonRow,
} from './people/person-store.ts';
export { rightsChanged } from './rights-changed.ts';

/** Organisations, sites, projects, people and their roles: what rights are about. */
export function directoryRoutes(
  app: FastifyInstance,
  { database, tracer, config }: Pick<Services, 'database' | 'tracer' | 'config'>,
): void {
  const parts = { database, tracer };
  organisationRoutes(app, parts);
  projectRoutes(app, parts, config.zones);
  peopleRoutes(app, parts);
}
