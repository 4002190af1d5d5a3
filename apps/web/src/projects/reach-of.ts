import { type Permission, type ProjectRole, permissions, type Reach } from '@isocenter/contract';

/**
 * How far a role's rights to images go: for `site` one must be named, for `either` it may be, for `project` it means
 * nothing. The server decides by the same table.
 */
export function reachOf(role: ProjectRole): 'site' | 'either' | 'project' {
  const { grant }: Permission = permissions['instance.read'];
  if (typeof grant === 'string') return 'project';
  const reaches: Reach[] = [grant[role] ?? []].flat() as Reach[];
  const within = new Set(reaches.map((reach) => reach.within));
  if (!within.has('site')) return 'project';
  return within.size === 1 ? 'site' : 'either';
}
