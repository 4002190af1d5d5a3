import { randomUUID } from 'node:crypto';
import {
  type Membership,
  type MembershipId,
  type PersonId,
  type ProjectId,
  type ProjectRole,
  permissions,
  type Reach,
  type SiteId,
} from '@isocenter/contract';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import { conflict, missing, refusing } from '../constraint.ts';
import { selectPerson } from '../people/person-store.ts';
import { rightsChanged } from '../rights-changed.ts';
import { type DirectoryParts, type Traced, traced } from '../trace.ts';
import { insertMembership } from './project-store.ts';

export interface Appointment {
  readonly projectId: ProjectId;
  readonly personId: PersonId;
  readonly role: ProjectRole;
  readonly siteId?: SiteId | null | undefined;
}

/** Gives someone a role in a project. A role that reaches no further than a site needs one. */
export async function appointMember(
  parts: DirectoryParts,
  request: Pick<FastifyRequest, 'caller'>,
  { projectId, personId, role, siteId = null }: Appointment,
): Promise<Membership> {
  if (siteId === null && needsSite(role)) {
    throw new Problem('invalid-request', { fields: [{ field: 'body.siteId', problem: 'is needed for this role' }] });
  }
  const id = randomUUID() as MembershipId;
  const refusals = {
    membership_project_id_fkey: missing('project'),
    membership_project_id_site_id_fkey: missing('site in this project'),
    membership_person_id_project_id_role_site_id_key: conflict('They have this role already.'),
  };
  const name = await refusing(refusals, () =>
    traced(parts, request, async (tx) => {
      const person = await selectPerson(tx, personId);
      if (person === undefined) throw missing('person')();
      await insertMembership(tx, { id, personId, projectId, role, siteId });
      await rightsChanged(tx, personId);
      return { result: person.name, traced: memberChange('member.add', { personId, projectId, role, siteId }) };
    }),
  );
  return { id, personId, personName: name, role, siteId };
}

/** A role that is given or taken, in the log. */
export function memberChange(
  action: 'member.add' | 'member.remove',
  { personId, projectId, role, siteId }: Required<Appointment>,
): Traced {
  return {
    action,
    objects: [
      { kind: 'person', id: personId },
      { kind: 'project', id: projectId },
      ...(siteId ? [{ kind: 'site' as const, id: siteId }] : []),
    ],
    changes: [{ field: 'role', [action === 'member.add' ? 'new' : 'old']: role }],
    project: projectId,
  };
}

/** Whether what the role may do with data is only for one site. */
export function needsSite(role: ProjectRole): boolean {
  const grant: { readonly [R in ProjectRole]?: Reach | readonly Reach[] } = permissions['instance.read'].grant;
  const reaches = [grant[role] ?? []].flat();
  return reaches.length > 0 && reaches.every(({ within }) => within === 'site');
}
