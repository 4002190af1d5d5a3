import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { MembershipId, PersonId, ProjectId, SiteId } from './ids.ts';
import { label, optionalLabel } from './label.ts';
import { Code, Site } from './organisations.ts';
import { ProjectRole } from './roles.ts';

export const Membership = z
  .object({
    id: MembershipId,
    personId: PersonId,
    personName: z.string(),
    role: ProjectRole,
    siteId: SiteId.nullable().describe('Null for a role in the whole project'),
  })
  .meta({ id: 'Membership' });
export type Membership = z.infer<typeof Membership>;

export const Project = z
  .object({
    id: ProjectId,
    code: Code,
    name: z.string(),
    description: z.string(),
    sites: z.array(Site),
    members: z.number().int().nonnegative().describe('How many people have a role in it'),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof Project>;

export const ProjectDetail = Project.extend({ memberships: z.array(Membership) }).meta({ id: 'ProjectDetail' });
export type ProjectDetail = z.infer<typeof ProjectDetail>;

const tag = 'Projects';
const one = z.strictObject({ id: ProjectId });
const description = optionalLabel;

export const listProjects = defineEndpoint({
  name: 'listProjects',
  method: 'GET',
  path: '/api/projects',
  action: 'project.read',
  summary: 'The projects that the caller may see',
  tag,
  response: z.object({ items: z.array(Project) }),
});

export const getProject = defineEndpoint({
  name: 'getProject',
  method: 'GET',
  path: '/api/projects/{id}',
  action: 'project.read',
  summary: 'A project with its members',
  tag,
  params: one,
  response: ProjectDetail,
  errors: ['not-found'],
});

export const createProject = defineEndpoint({
  name: 'createProject',
  method: 'POST',
  path: '/api/projects',
  action: 'project.manage',
  summary: 'Begin a project',
  tag,
  body: z.strictObject({ code: Code, name: label, description: description.optional() }),
  response: ProjectDetail,
  status: 201,
  errors: ['conflict'],
});

export const updateProject = defineEndpoint({
  name: 'updateProject',
  method: 'PATCH',
  path: '/api/projects/{id}',
  action: 'project.manage',
  summary: 'Change a project',
  tag,
  params: one,
  body: z.strictObject({ name: label.optional(), description: description.optional() }),
  response: ProjectDetail,
  errors: ['not-found'],
});

export const addProjectSite = defineEndpoint({
  name: 'addProjectSite',
  method: 'PUT',
  path: '/api/projects/{id}/sites/{siteId}',
  action: 'project.manage',
  summary: 'Let a site take part',
  tag,
  params: z.strictObject({ id: ProjectId, siteId: SiteId }),
  errors: ['not-found'],
});

export const removeProjectSite = defineEndpoint({
  name: 'removeProjectSite',
  method: 'DELETE',
  path: '/api/projects/{id}/sites/{siteId}',
  action: 'project.manage',
  summary: 'End the part of a site that has neither data nor members in the project',
  tag,
  params: z.strictObject({ id: ProjectId, siteId: SiteId }),
  errors: ['not-found', 'conflict'],
});

export const addMember = defineEndpoint({
  name: 'addMember',
  method: 'POST',
  path: '/api/projects/{id}/members',
  action: 'member.manage',
  summary: 'Give someone a role in a project',
  description: 'Data collectors and data curators have theirs for one site, which must take part in the project.',
  tag,
  params: one,
  body: z.strictObject({ personId: PersonId, role: ProjectRole, siteId: SiteId.nullable().optional() }),
  response: Membership,
  status: 201,
  errors: ['not-found', 'conflict'],
});

export const removeMember = defineEndpoint({
  name: 'removeMember',
  method: 'DELETE',
  path: '/api/projects/{id}/members/{membershipId}',
  action: 'member.manage',
  summary: 'Take a role in a project away',
  tag,
  params: z.strictObject({ id: ProjectId, membershipId: MembershipId }),
  errors: ['not-found'],
});
