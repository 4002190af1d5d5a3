import { randomUUID } from 'node:crypto';
import {
  createOrganisation,
  createSite,
  deleteOrganisation,
  deleteSite,
  type LogChange,
  listOrganisations,
  type OrganisationId,
  type SiteId,
  updateOrganisation,
  updateSite,
} from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../../platform/database/database.ts';
import { endpoint } from '../../../platform/http/index.ts';
import { conflict, missing, refusing } from '../constraint.ts';
import { type DirectoryParts, type Traced, traced } from '../trace.ts';
import * as store from './organisation-store.ts';

const refusals = {
  organisation_by_name: conflict('There is an organisation of this name.'),
  site_code_key: conflict('There is a site with this code.'),
  site_organisation_id_fkey: conflict('It has sites, or there is no such organisation.'),
  person_organisation_id_fkey: conflict('People belong to it.'),
  project_site_site_id_fkey: conflict('It takes part in a project.'),
};

const change = (kind: 'organisation' | 'site', id: string, ...changes: LogChange[]): Traced => ({
  action: 'organisation.change',
  objects: [{ kind, id }],
  changes,
});

export function organisationRoutes(app: FastifyInstance, parts: DirectoryParts): void {
  const { db } = parts.database;
  endpoint(app, listOrganisations, async () => ({ items: await store.selectOrganisations(db) }));
  endpoint(app, createOrganisation, async ({ body }, { request }) => {
    const id = randomUUID() as OrganisationId;
    await refusing(refusals, () =>
      traced(parts, request, async (tx) => {
        await store.insertOrganisation(tx, { id, ...body });
        return { result: undefined, traced: change('organisation', id, { field: 'name', new: body.name }) };
      }),
    );
    return one(db, id);
  });
  endpoint(app, updateOrganisation, async ({ params: { id }, body }, { request }) => {
    await refusing(refusals, () =>
      traced(parts, request, async (tx) => {
        if (!(await store.updateOrganisationName(tx, id, body.name))) throw missing('organisation')();
        return { result: undefined, traced: change('organisation', id, { field: 'name', new: body.name }) };
      }),
    );
    return one(db, id);
  });
  endpoint(app, deleteOrganisation, ({ params: { id } }, { request }) =>
    refusing(refusals, () =>
      traced(parts, request, async (tx) => {
        if (!(await store.deleteOrganisationRow(tx, id))) throw missing('organisation')();
        return { result: undefined, traced: change('organisation', id, { field: 'deleted', new: true }) };
      }),
    ),
  );
  siteRoutes(app, parts);
}

function siteRoutes(app: FastifyInstance, parts: DirectoryParts): void {
  endpoint(app, createSite, ({ body }, { request }) => {
    const id = randomUUID() as SiteId;
    const unknown = { ...refusals, site_organisation_id_fkey: missing('organisation') };
    return refusing(unknown, () =>
      traced(parts, request, async (tx) => {
        await store.insertSite(tx, { id, ...body });
        return { result: { id, ...body }, traced: change('site', id, { field: 'name', new: body.name }) };
      }),
    );
  });
  endpoint(app, updateSite, ({ params: { id }, body }, { request }) =>
    traced(parts, request, async (tx) => {
      if (!(await store.updateSiteName(tx, id, body.name))) throw missing('site')();
      const [site] = await store.selectSites(tx, [id]);
      return { result: site!, traced: change('site', id, { field: 'name', new: body.name }) };
    }),
  );
  endpoint(app, deleteSite, ({ params: { id } }, { request }) =>
    refusing(refusals, () =>
      traced(parts, request, async (tx) => {
        if (!(await store.deleteSiteRow(tx, id))) throw missing('site')();
        return { result: undefined, traced: change('site', id, { field: 'deleted', new: true }) };
      }),
    ),
  );
}

async function one(db: Database['db'], id: OrganisationId) {
  const [found] = await store.selectOrganisations(db, id);
  if (found === undefined) throw missing('organisation')();
  return found;
}
