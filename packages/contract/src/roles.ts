import { z } from 'zod';

/** Roles that someone has on the whole node. */
export const NODE_ROLES = ['administrator', 'auditor'] as const;

/** Roles that someone has in a project, some of them for one site of it. */
export const PROJECT_ROLES = [
  'data-collector',
  'data-curator',
  'data-manager',
  'annotator',
  'researcher',
  'access-committee-member',
  'tool-developer',
] as const;

export const ROLES = [...NODE_ROLES, ...PROJECT_ROLES] as const;

export const NodeRole = z.enum(NODE_ROLES).meta({ id: 'NodeRole' });
export type NodeRole = z.infer<typeof NodeRole>;

export const ProjectRole = z.enum(PROJECT_ROLES).meta({ id: 'ProjectRole' });
export type ProjectRole = z.infer<typeof ProjectRole>;

export const Role = z.enum(ROLES).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

/** What someone with the role does, for those who decide about rights. */
export const roleTitles: Readonly<Record<Role, string>> = {
  administrator: 'Runs the node: people, projects, configuration, everything that is stored',
  auditor: 'Reads who has which rights and what was done, changes nothing and sees no images',
  'data-collector': 'Brings the identified data of their own site in',
  'data-curator': 'Prepares and checks the data of their own site, identified and pseudonymised',
  'data-manager': 'Is responsible for the data of a project over all of its sites',
  annotator: 'Marks findings in pseudonymised images of a project',
  researcher: 'Works with datasets that were granted to them',
  'access-committee-member': 'Decides who may work with the datasets of a project',
  'tool-developer': 'Brings tools and models into a project',
};

export const isNodeRole = (role: Role): role is NodeRole => NODE_ROLES.some((each) => each === role);
