import { z } from 'zod';
import type { Zone } from './zones.ts';

export const ROLES = ['administrator'] as const;
export const Role = z.enum(ROLES).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

/**
 * Who may do an action: `public` is everyone, `signed-in` every known caller (for what is the caller's own), a list is
 * those roles. What no row allows is denied.
 */
export type Grant = 'public' | 'signed-in' | readonly Role[];

export interface Permission {
  readonly title: string;
  readonly grant: Grant;
  /** The action touches data of a zone: a caller acts only on the zones that are theirs. */
  readonly zoned?: true;
}

const administrators: Grant = ['administrator'];

/** The one table of rights: every route names one of these actions. */
export const permissions = {
  'page.read': { title: 'Load the web application', grant: 'public' },
  'api.describe': { title: 'Read the description of the API', grant: 'public' },
  'health.read': { title: 'Ask whether the server lives and is ready', grant: 'public' },
  'session.create': { title: 'Sign in', grant: 'public' },
  'session.read': { title: 'See who one is', grant: 'signed-in' },
  'session.end': { title: 'Sign out', grant: 'signed-in' },
  'event.read': { title: 'Follow live events that one may see', grant: 'signed-in' },
  'notification.read': { title: "Read one's own notifications", grant: 'signed-in' },
  'status.read': { title: 'See the state of the server and its metrics', grant: administrators },
  'job.read': { title: 'See jobs', grant: administrators },
  'job.manage': { title: 'Cancel and retry jobs', grant: administrators },
  'study.read': { title: 'Find studies and read their description', grant: administrators, zoned: true },
  'study.delete': { title: 'Delete studies, series and instances', grant: administrators, zoned: true },
  'instance.read': { title: 'Read instances, frames and rendered pictures', grant: administrators, zoned: true },
  'instance.store': { title: 'Store instances', grant: administrators, zoned: true },
  'log.read': { title: "Read the tracer's checkpoint, tiles and proofs, and one's own entries", grant: 'signed-in' },
  'log.read-all': { title: 'Read all entries of the tracer', grant: administrators },
} as const satisfies Record<string, Permission>;

export type Action = keyof typeof permissions;

export const isAction = (name: unknown): name is Action => typeof name === 'string' && Object.hasOwn(permissions, name);

/** What of a caller the decision looks at. */
export interface Rights {
  readonly roles: readonly Role[];
  readonly zones: readonly Zone[];
}

/** What is acted on, as far as the decision needs it. */
export interface Resource {
  readonly zone?: Zone;
}

/**
 * - `allowed`
 * - `unknown`: the caller must say who they are (401)
 * - `forbidden`: known, but has no such right (403)
 * - `hidden`: has the right, but not on this resource, whose existence stays theirs (404)
 */
export type Decision = 'allowed' | 'unknown' | 'forbidden' | 'hidden';

/** The one place that decides: role x action x resource, default deny. */
export function decide(caller: Rights | undefined, action: Action, resource: Resource = {}): Decision {
  const { grant, zoned }: Permission = permissions[action];
  if (grant === 'public') return 'allowed';
  if (caller === undefined) return 'unknown';
  if (grant !== 'signed-in' && !caller.roles.some((role) => grant.includes(role))) return 'forbidden';
  if (zoned && resource.zone !== undefined && !caller.zones.includes(resource.zone)) return 'hidden';
  return 'allowed';
}
