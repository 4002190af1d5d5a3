import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { MembershipId, OrganisationId, PersonId, ProjectId, SiteId } from './ids.ts';
import { label } from './label.ts';
import { pageQuery, repeated } from './query.ts';
import { NodeRole, ProjectRole } from './roles.ts';

/**
 * - `unverified`: asked for an account and has not shown yet that the e-mail address is theirs
 * - `waiting`: for an administrator's decision
 * - `invited`: has a link and has not used it yet
 * - `active`: may sign in
 * - `refused`: the decision was no
 * - `locked`: was active and may not sign in any more
 */
export const PERSON_STATES = ['unverified', 'waiting', 'invited', 'active', 'refused', 'locked'] as const;
export const PersonState = z.enum(PERSON_STATES).meta({ id: 'PersonState' });
export type PersonState = z.infer<typeof PersonState>;

export const Person = z
  .object({
    id: PersonId,
    name: z.string(),
    email: z.string().describe('Empty for programs'),
    state: PersonState,
    organisationId: OrganisationId.nullable(),
    organisationName: z.string().describe('As they wrote it, until an organisation is chosen'),
    purpose: z.string(),
    nodeRoles: z.array(NodeRole),
    createdAt: z.iso.datetime(),
    lastSignedInAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof Person>;

export const PersonDetail = Person.extend({
  memberships: z.array(
    z.object({
      id: MembershipId,
      projectId: ProjectId,
      projectName: z.string(),
      role: ProjectRole,
      siteId: SiteId.nullable(),
      siteName: z.string().nullable(),
    }),
  ),
}).meta({ id: 'PersonDetail' });
export type PersonDetail = z.infer<typeof PersonDetail>;

const tag = 'People';
const one = z.strictObject({ id: PersonId });

export const listPeople = defineEndpoint({
  name: 'listPeople',
  method: 'GET',
  path: '/api/people',
  action: 'person.read',
  summary: 'Find people',
  tag,
  query: z.strictObject({
    q: z.string().trim().min(1).max(200).optional().describe('Part of the name or e-mail address'),
    state: repeated(PersonState),
    ...pageQuery,
  }),
  response: z.object({ items: z.array(Person), total: z.number().int().nonnegative() }),
});

export const getPerson = defineEndpoint({
  name: 'getPerson',
  method: 'GET',
  path: '/api/people/{id}',
  action: 'person.read',
  summary: 'A person with their roles',
  tag,
  params: one,
  response: PersonDetail,
  errors: ['not-found'],
});

export const updatePerson = defineEndpoint({
  name: 'updatePerson',
  method: 'PATCH',
  path: '/api/people/{id}',
  action: 'person.manage',
  summary: 'Change a person’s name, organisation or roles on the node',
  tag,
  params: one,
  body: z.strictObject({
    name: label.optional(),
    organisationId: OrganisationId.nullable().optional(),
    nodeRoles: z.array(NodeRole).max(2).optional(),
  }),
  response: PersonDetail,
  errors: ['not-found', 'conflict'],
});
