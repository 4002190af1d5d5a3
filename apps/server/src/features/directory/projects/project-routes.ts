import { randomUUID } from 'node:crypto';
import {
  addMember,
  addProjectSite,
  createProject,
  decide,
  getProject,
  type LogChange,
  listProjects,
  type ProjectDetail,
  type ProjectId,
  removeMember,
  removeProjectSite,
  type SiteId,
  updateProject,
  type Zone,
} from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../../platform/database/database.ts';
import { type Caller, demand, endpoint } from '../../../platform/http/index.ts';
import { deleteAreas, insertAreas } from '../areas/area-store.ts';
import { conflict, missing, refusing } from '../constraint.ts';
import { type DirectoryParts, type Traced, traced } from '../trace.ts';
import { appointMember } from './appoint-member.ts';
import { dismissMember } from './dismiss-member.ts';
import * as store from './project-store.ts';

const change = (id: ProjectId, site: SiteId | undefined, ...changes: LogChange[]): Traced => ({
  action: 'project.change',
  objects: [{ kind: 'project', id }, ...(site === undefined ? [] : [{ kind: 'site' as const, id: site }])],
  changes,
  project: id,
});

/** @param zones of this node: a site that takes part gets an area in each. */
export function projectRoutes(app: FastifyInstance, parts: DirectoryParts, zones: readonly Zone[]): void {
  const { db } = parts.database;
  endpoint(app, listProjects, async (_input, { request }) => ({
    items: await store.selectProjects(db, projectsOf(request.caller)),
  }));
  endpoint(app, getProject, ({ params }, { request }) => {
    demand(request, { project: params.id }, 'project');
    return one(db, params.id);
  });
  endpoint(app, createProject, async ({ body }, { request }) => {
    const id = randomUUID() as ProjectId;
    const refusals = { project_code_key: conflict('There is a project with this code.') };
    await refusing(refusals, () =>
      traced(parts, request, async (tx) => {
        await store.insertProject(tx, { id, ...body });
        return { result: undefined, traced: change(id, undefined, { field: 'name', new: body.name }) };
      }),
    );
    return one(db, id);
  });
  endpoint(app, updateProject, async ({ params: { id }, body }, { request }) => {
    await traced(parts, request, async (tx) => {
      if (!(await store.updateProjectRow(tx, id, body))) throw missing('project')();
      const changes = Object.entries(body).map(([field, value]) => ({ field, new: value }));
      return { result: undefined, traced: change(id, undefined, ...changes) };
    });
    return one(db, id);
  });
  siteRoutes(app, parts, zones);
  endpoint(app, addMember, ({ params, body }, { request }) =>
    appointMember(parts, request, { projectId: params.id, ...body }),
  );
  endpoint(app, removeMember, ({ params }, { request }) =>
    dismissMember(parts, request, params.id, params.membershipId),
  );
}

function siteRoutes(app: FastifyInstance, parts: DirectoryParts, zones: readonly Zone[]): void {
  endpoint(app, addProjectSite, ({ params: { id, siteId } }, { request }) =>
    refusing({ project_site_project_id_fkey: missing('project'), project_site_site_id_fkey: missing('site') }, () =>
      traced(parts, request, async (tx) => {
        await store.insertProjectSite(tx, id, siteId);
        await insertAreas(tx, zones, id, siteId);
        return { result: undefined, traced: change(id, siteId, { field: 'takes part', new: true }) };
      }),
    ),
  );
  const used = conflict('There are data of this site in the project.');
  const refusals = { membership_project_id_site_id_fkey: conflict('People have roles for this site.') };
  endpoint(app, removeProjectSite, ({ params: { id, siteId } }, { request }) =>
    refusing({ ...refusals, study_area_id_fkey: used }, () =>
      traced(parts, request, async (tx) => {
        if (!(await deleteAreas(tx, id, siteId))) throw used();
        if (!(await store.deleteProjectSite(tx, id, siteId))) throw missing('site')();
        return { result: undefined, traced: change(id, siteId, { field: 'takes part', new: false }) };
      }),
    ),
  );
}

/** Undefined for all of them. */
function projectsOf(caller: Caller): ProjectId[] | undefined {
  if (decide(caller, 'project.read', { project: null }) === 'allowed') return undefined;
  const projects = caller.holdings.flatMap(({ project }) => (project === null ? [] : [project]));
  return [...new Set(projects)].filter((project) => decide(caller, 'project.read', { project }) === 'allowed');
}

async function one(db: Database['db'], id: ProjectId): Promise<ProjectDetail> {
  const [project] = await store.selectProjects(db, [id]);
  if (project === undefined) throw missing('project')();
  return { ...project, memberships: await store.selectMemberships(db, id) };
}
