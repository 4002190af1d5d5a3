import {
  type addMember as appointment,
  type createProject,
  type EndpointArguments,
  type MembershipId,
  ProjectId,
  type SiteId,
} from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { idFrom } from './problem.ts';

export type { Membership, Project, ProjectDetail } from '@isocenter/contract';
export type Appointment = EndpointArguments<typeof appointment>['body'];

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: async ({ signal }) => (await client.listProjects({}, { signal })).items,
});

export function projectQuery(id: string) {
  return queryOptions({
    queryKey: ['project', id],
    queryFn: async ({ signal }) => client.getProject({ params: { id: idFrom(ProjectId, id) } }, { signal }),
  });
}

export const beginProject = (body: EndpointArguments<typeof createProject>['body']) => client.createProject({ body });
export const changeProject = (id: ProjectId, body: { name: string; description: string }) =>
  client.updateProject({ params: { id }, body });
export const addProjectSite = (id: ProjectId, siteId: SiteId) => client.addProjectSite({ params: { id, siteId } });
export const removeProjectSite = (id: ProjectId, siteId: SiteId) =>
  client.removeProjectSite({ params: { id, siteId } });
export const addMember = (id: ProjectId, body: Appointment) => client.addMember({ params: { id }, body });
export const removeMember = (id: ProjectId, membershipId: MembershipId) =>
  client.removeMember({ params: { id, membershipId } });
