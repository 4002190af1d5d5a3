import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { OrganisationId, SiteId } from './ids.ts';
import { label } from './label.ts';

/** Short and stable, for configuration and addresses. */
export const Code = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, at most 40')
  .meta({ id: 'Code' });

export const Site = z
  .object({ id: SiteId, code: Code, name: z.string(), organisationId: OrganisationId })
  .meta({ id: 'Site' });
export type Site = z.infer<typeof Site>;

export const Organisation = z
  .object({
    id: OrganisationId,
    name: z.string(),
    sites: z.array(Site),
    people: z.number().int().nonnegative().describe('How many belong to it'),
  })
  .meta({ id: 'Organisation' });
export type Organisation = z.infer<typeof Organisation>;

const tag = 'Organisations';
const oneOrganisation = z.strictObject({ id: OrganisationId });

export const listOrganisations = defineEndpoint({
  name: 'listOrganisations',
  method: 'GET',
  path: '/api/organisations',
  action: 'organisation.read',
  summary: 'Every organisation with its sites',
  tag,
  response: z.object({ items: z.array(Organisation) }),
});

export const createOrganisation = defineEndpoint({
  name: 'createOrganisation',
  method: 'POST',
  path: '/api/organisations',
  action: 'organisation.manage',
  summary: 'Add an organisation',
  tag,
  body: z.strictObject({ name: label }),
  response: Organisation,
  status: 201,
  errors: ['conflict'],
});

export const updateOrganisation = defineEndpoint({
  name: 'updateOrganisation',
  method: 'PATCH',
  path: '/api/organisations/{id}',
  action: 'organisation.manage',
  summary: 'Rename an organisation',
  tag,
  params: oneOrganisation,
  body: z.strictObject({ name: label }),
  response: Organisation,
  errors: ['not-found', 'conflict'],
});

export const deleteOrganisation = defineEndpoint({
  name: 'deleteOrganisation',
  method: 'DELETE',
  path: '/api/organisations/{id}',
  action: 'organisation.manage',
  summary: 'Remove an organisation that has neither people nor sites',
  tag,
  params: oneOrganisation,
  errors: ['not-found', 'conflict'],
});

export const createSite = defineEndpoint({
  name: 'createSite',
  method: 'POST',
  path: '/api/sites',
  action: 'organisation.manage',
  summary: 'Add a site to an organisation',
  tag,
  body: z.strictObject({ organisationId: OrganisationId, code: Code, name: label }),
  response: Site,
  status: 201,
  errors: ['not-found', 'conflict'],
});

export const updateSite = defineEndpoint({
  name: 'updateSite',
  method: 'PATCH',
  path: '/api/sites/{id}',
  action: 'organisation.manage',
  summary: 'Rename a site',
  tag,
  params: z.strictObject({ id: SiteId }),
  body: z.strictObject({ name: label }),
  response: Site,
  errors: ['not-found'],
});

export const deleteSite = defineEndpoint({
  name: 'deleteSite',
  method: 'DELETE',
  path: '/api/sites/{id}',
  action: 'organisation.manage',
  summary: 'Remove a site that takes part in no project',
  tag,
  params: z.strictObject({ id: SiteId }),
  errors: ['not-found', 'conflict'],
});
