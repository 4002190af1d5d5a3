import type { Action } from '@isocenter/contract';

/** What belongs together, by the first part of an action's name; what no group names is the server's. */
const groups = {
  archive: ['study', 'instance'],
  directory: ['project', 'member', 'organisation', 'person', 'terms'],
  account: ['session', 'account', 'token', 'event', 'notification', 'registration', 'provider'],
  server: ['page', 'api', 'health', 'node', 'log', 'status', 'job'],
} as const;

export type ActionGroup = keyof typeof groups;

export function actionGroups(actions: readonly Action[]): { key: ActionGroup; actions: Action[] }[] {
  const keys = Object.keys(groups) as ActionGroup[];
  const groupOf = (action: Action): ActionGroup => {
    const [first = ''] = action.split('.');
    return keys.find((key) => (groups[key] as readonly string[]).includes(first)) ?? 'server';
  };
  return keys.map((key) => ({ key, actions: actions.filter((action) => groupOf(action) === key) }));
}
