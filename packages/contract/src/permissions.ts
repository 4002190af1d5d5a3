import { PROJECT_ROLES, type ProjectRole, type Role } from './roles.ts';
import type { TokenScope } from './token-scopes.ts';
import type { Zone } from './zones.ts';

/**
 * How far a right of a role goes:
 * - `node`: everything on the node
 * - `project`: what belongs to the project in which someone has the role
 * - `site`: of that, what belongs to the site for which they have it
 * - `grant`: datasets that were granted to them
 */
export interface Reach {
  readonly within: 'node' | 'project' | 'site' | 'grant';
  /** Only what lies in these zones. */
  readonly zones?: readonly Zone[];
}

type Reaches = Reach | readonly Reach[];

/** `public` is everyone, `signed-in` every known caller (for what is the caller's own), else those roles and how far. */
export type Grant = 'public' | 'signed-in' | { readonly [R in Role | 'node']?: Reaches };

export interface Permission {
  readonly title: string;
  readonly grant: Grant;
  /** Which tokens may be used for it: `any`, `session` for none (the browser's session only), else those of the scope. */
  readonly scope: 'any' | 'session' | TokenScope;
  /** Possible before the terms of use are accepted, and before a second factor is set up where one is asked for. */
  readonly always?: true;
}

const node: Reach = { within: 'node' };
const project = (...zones: Zone[]): Reach => ({ within: 'project', ...(zones.length > 0 && { zones }) });
const site = (...zones: Zone[]): Reach => ({ within: 'site', zones });
const granted = (...zones: Zone[]): Reach => ({ within: 'grant', zones });

const administrator: Grant = { administrator: node };
const overseers: Grant = { administrator: node, auditor: node };
const members = Object.fromEntries(PROJECT_ROLES.map((role) => [role, project()])) as Record<ProjectRole, Reach>;

/** The one table of rights: every route names one of these actions, and what no row grants is denied. */
export const permissions = {
  'page.read': { title: 'Load the web application', grant: 'public', scope: 'any' },
  'api.describe': { title: 'Read the description of the API', grant: 'public', scope: 'any' },
  'health.read': { title: 'Ask whether the server lives and is ready', grant: 'public', scope: 'any' },
  'session.create': { title: 'Sign in', grant: 'public', scope: 'any' },
  'session.read': { title: 'See who one is', grant: 'signed-in', scope: 'any', always: true },
  'session.end': { title: 'Sign out', grant: 'signed-in', scope: 'session', always: true },
  'provider.use': { title: 'Talk to the embedded OpenID provider', grant: 'public', scope: 'any' },
  'registration.create': { title: 'Ask for an account, and use a link to one', grant: 'public', scope: 'any' },
  'terms.read': { title: 'Read the terms of use', grant: 'public', scope: 'any' },
  'terms.accept': { title: 'Accept the terms of use', grant: 'signed-in', scope: 'session', always: true },
  'account.manage': {
    title: "See and change one's own account: name, password, second factor, sessions",
    grant: 'signed-in',
    scope: 'session',
    always: true,
  },
  'token.manage': { title: "Make, see and revoke one's own access tokens", grant: 'signed-in', scope: 'account' },
  'event.read': { title: 'Follow live events that one may see', grant: 'signed-in', scope: 'account' },
  'notification.read': { title: "Read one's own notifications", grant: 'signed-in', scope: 'account' },

  'study.read': {
    title: 'Find studies and read their description',
    scope: 'archive:read',
    grant: {
      administrator: node,
      'data-collector': site('landing'),
      'data-curator': site('landing', 'staging'),
      'data-manager': [site('landing'), project('staging', 'repository')],
      annotator: project('staging'),
      researcher: granted('repository'),
    },
  },
  'instance.read': {
    title: 'Read instances, frames and rendered pictures',
    scope: 'archive:read',
    grant: {
      administrator: node,
      'data-collector': site('landing'),
      'data-curator': site('landing', 'staging'),
      'data-manager': [site('landing'), project('staging', 'repository')],
      annotator: project('staging'),
      researcher: granted('repository'),
    },
  },
  'instance.store': {
    title: 'Store instances',
    scope: 'archive:write',
    grant: {
      administrator: node,
      'data-collector': site('landing'),
      'data-curator': site('landing', 'staging'),
    },
  },
  'study.delete': {
    title: 'Delete studies, series and instances',
    scope: 'archive:write',
    grant: { administrator: node, 'data-manager': [site('landing'), project('staging')] },
  },

  'project.read': {
    title: 'See projects, their sites and members',
    scope: 'administration:read',
    grant: { administrator: node, auditor: node, ...members },
  },
  'project.manage': { title: 'Make and change projects', grant: administrator, scope: 'administration:write' },
  'member.manage': {
    title: 'Give and take roles in projects and on the node',
    grant: administrator,
    scope: 'administration:write',
  },
  'organisation.read': { title: 'See organisations and sites', grant: overseers, scope: 'administration:read' },
  'organisation.manage': {
    title: 'Make and change organisations and sites',
    grant: administrator,
    scope: 'administration:write',
  },
  'person.read': {
    title: 'See people, what they asked for and which roles they have',
    grant: overseers,
    scope: 'administration:read',
  },
  'person.manage': {
    title: 'Invite, approve, refuse, change and lock out people',
    grant: administrator,
    scope: 'administration:write',
  },
  'terms.manage': { title: 'Publish terms of use', grant: administrator, scope: 'administration:write' },
  'node.join': { title: 'Join as a node, with a token that works once', grant: 'public', scope: 'any' },
  'node.call': { title: 'Speak as a node that has joined', grant: { node }, scope: 'any' },
  'node.read': { title: 'See the nodes that joined', grant: overseers, scope: 'administration:read' },
  'node.manage': { title: 'Let nodes join and leave', grant: administrator, scope: 'administration:write' },
  'log.read': {
    title: "Read the tracer's checkpoint, tiles and proofs, and one's own entries",
    grant: 'signed-in',
    scope: 'account',
  },
  'log.read-project': {
    title: "Read the tracer's entries about the data of a project",
    scope: 'account',
    grant: { administrator: node, auditor: node, 'data-manager': project() },
  },
  'log.read-all': { title: 'Read all entries of the tracer', grant: overseers, scope: 'administration:read' },
  'status.read': {
    title: 'See the state of the server and its metrics',
    grant: administrator,
    scope: 'administration:read',
  },
  'job.read': { title: 'See jobs', grant: administrator, scope: 'administration:read' },
  'job.manage': { title: 'Cancel and retry jobs', grant: administrator, scope: 'administration:write' },
} as const satisfies Record<string, Permission>;

export type Action = keyof typeof permissions;

export const ACTIONS = Object.keys(permissions) as [Action, ...Action[]];

export const isAction = (name: unknown): name is Action => typeof name === 'string' && Object.hasOwn(permissions, name);
