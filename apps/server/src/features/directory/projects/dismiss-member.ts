import type { MembershipId, ProjectId } from '@isocenter/contract';
import type { FastifyRequest } from 'fastify';
import { missing } from '../constraint.ts';
import { rightsChanged } from '../rights-changed.ts';
import { type DirectoryParts, traced } from '../trace.ts';
import { memberChange } from './appoint-member.ts';
import { deleteMembership } from './project-store.ts';

/** Takes a role in a project away. */
export function dismissMember(
  parts: DirectoryParts,
  request: Pick<FastifyRequest, 'caller'>,
  project: ProjectId,
  id: MembershipId,
): Promise<void> {
  return traced(parts, request, async (tx) => {
    const gone = await deleteMembership(tx, project, id);
    if (gone === undefined) throw missing('membership')();
    await rightsChanged(tx, gone.personId);
    return { result: undefined, traced: memberChange('member.remove', { ...gone, projectId: project }) };
  });
}
