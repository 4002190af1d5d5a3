import type { createSite, EndpointArguments, OrganisationId, SiteId } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { Organisation, Site } from '@isocenter/contract';

export const organisationsQuery = queryOptions({
  queryKey: ['organisations'],
  queryFn: async ({ signal }) => (await client.listOrganisations({}, { signal })).items,
});

export const addOrganisation = (name: string) => client.createOrganisation({ body: { name } });
export const renameOrganisation = (id: OrganisationId, name: string) =>
  client.updateOrganisation({ params: { id }, body: { name } });
export const removeOrganisation = (id: OrganisationId) => client.deleteOrganisation({ params: { id } });
export const addSite = (body: EndpointArguments<typeof createSite>['body']) => client.createSite({ body });
export const renameSite = (id: SiteId, name: string) => client.updateSite({ params: { id }, body: { name } });
export const removeSite = (id: SiteId) => client.deleteSite({ params: { id } });
