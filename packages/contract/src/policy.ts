import type { ProjectId, SiteId } from './ids.ts';
import { type Action, type Permission, permissions, type Reach } from './permissions.ts';
import type { Role } from './roles.ts';
import type { TokenScope } from './token-scopes.ts';
import type { Zone } from './zones.ts';

/** One role that a caller has, and where. */
export interface Holding {
  /** `node` is another node of ours, which has joined this one. */
  readonly role: Role | 'node';
  /** Null for a role of the whole node. */
  readonly project: ProjectId | null;
  /** Null for a role in the whole project. */
  readonly site: SiteId | null;
}

/** What someone has yet to do before they may use anything. */
export type Obligation = 'terms' | 'second-factor';

/** A dataset that someone may use. */
export interface DatasetGrant {
  readonly dataset: string;
  /** Seconds since 1970; after it the grant is void. */
  readonly until: number;
}

/** What of a caller the decision looks at. */
export interface Rights {
  readonly holdings: readonly Holding[];
  /** What the token that was shown is limited to; absent for a session, which is not. */
  readonly scopes?: readonly TokenScope[];
  readonly obligations?: readonly Obligation[];
  readonly grants?: readonly DatasetGrant[];
}

/**
 * What is acted on, as far as the decision needs it. What is left out is not asked about: `{ zone: 'staging' }` asks for
 * any of it. Null says that it belongs to no project or site.
 */
export interface Resource {
  readonly zone?: Zone;
  readonly project?: ProjectId | null;
  readonly site?: SiteId | null;
  /** A dataset that it is part of. */
  readonly dataset?: string;
}

/**
 * - `allowed`
 * - `unknown`: the caller must say who they are (401)
 * - `forbidden`: known, but has no such right (403)
 * - `obliged`: has first to do what they are obliged to (403)
 * - `hidden`: has the right, but not on this resource, whose existence stays confidential (404)
 */
export type Decision = 'allowed' | 'unknown' | 'forbidden' | 'obliged' | 'hidden';

/** The one place that decides: role x action x resource, default deny. `now` is in seconds since 1970. */
export function decide(
  caller: Rights | undefined,
  action: Action,
  resource: Resource = {},
  now: number = Number.POSITIVE_INFINITY,
): Decision {
  const { grant, scope, always }: Permission = permissions[action];
  if (grant === 'public') return 'allowed';
  if (caller === undefined) return 'unknown';
  if (caller.scopes !== undefined && scope !== 'any') {
    if (scope === 'session' || !caller.scopes.includes(scope)) return 'forbidden';
  }
  if (!always && caller.obligations !== undefined && caller.obligations.length > 0) return 'obliged';
  if (grant === 'signed-in') return 'allowed';
  let held = false;
  for (const holding of caller.holdings) {
    const reaches: Reach | readonly Reach[] | undefined = grant[holding.role];
    if (reaches === undefined) continue;
    held = true;
    for (const reach of Array.isArray(reaches) ? (reaches as readonly Reach[]) : [reaches as Reach]) {
      if (covers(reach, holding, caller, resource, now)) return 'allowed';
    }
  }
  return held ? 'hidden' : 'forbidden';
}

function covers(reach: Reach, holding: Holding, caller: Rights, resource: Resource, now: number): boolean {
  const { zone, project, site, dataset } = resource;
  if (zone !== undefined && reach.zones !== undefined && !reach.zones.includes(zone)) return false;
  const asked = project !== undefined || site !== undefined || dataset !== undefined;
  if (reach.within === 'node' || !asked) return true;
  switch (reach.within) {
    case 'project':
      return project != null && project === holding.project;
    case 'site':
      if (holding.site === null || site !== holding.site) return false;
      return project === undefined || project === holding.project;
    case 'grant':
      return caller.grants?.some((each) => each.dataset === dataset && each.until > now) ?? false;
  }
}

/** The roles that a caller has anywhere. */
export const rolesOf = ({ holdings }: Rights): Role[] => [
  ...new Set(holdings.flatMap(({ role }) => (role === 'node' ? [] : [role]))),
];
