import { z } from 'zod';
import type { Action } from './permissions.ts';

/**
 * How an action comes into the log:
 * - `change`: in the transaction of the change
 * - `read`: before the first byte is sent, once for each person, action, study and span of time
 * - `export`: when it begins, before the first byte is sent, and when it ends
 * - `security`: as it happens
 */
export type TracerKind = 'change' | 'read' | 'export' | 'security';

export interface TracerActionDefinition {
  readonly title: string;
  readonly kind: TracerKind;
  /** What the entry's objects are. */
  readonly objects: readonly ObjectKind[];
}

export const OBJECT_KINDS = [
  'study',
  'series',
  'instance',
  'job',
  'address',
  'server',
  'permission',
  'session',
  'person',
  'token',
  'organisation',
  'site',
  'project',
  'node',
  'terms',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** Kinds whose identifiers come from patients' data: in the log they are hashes that only the node can make. */
export const PSEUDONYMOUS_KINDS: readonly ObjectKind[] = ['study', 'series', 'instance', 'address'];

/** Everything that the tracer records, by name. The table grows with the features. */
export const tracerActions = {
  'instance.store': { title: 'Stored instances', kind: 'change', objects: ['study', 'instance'] },
  'study.delete': { title: 'Deleted', kind: 'change', objects: ['study', 'series', 'instance'] },
  'study.view': { title: 'Looked at a study', kind: 'read', objects: ['study'] },
  'study.search': { title: 'Looked through studies', kind: 'read', objects: [] },
  'instance.retrieve': { title: 'Retrieved single instances', kind: 'read', objects: ['study'] },
  'study.export': { title: 'Began to take a study or series away', kind: 'export', objects: ['study', 'series'] },
  'study.export-end': { title: 'Ended taking it away', kind: 'export', objects: ['study', 'series'] },
  'session.begin': { title: 'Signed in', kind: 'security', objects: [] },
  'session.end': { title: 'Signed out', kind: 'security', objects: [] },
  'session.fail': { title: 'Failed to sign in', kind: 'security', objects: ['address'] },
  'session.end-all': { title: 'Ended all sessions of a person', kind: 'security', objects: ['person'] },
  'account.change': { title: 'Changed their own account', kind: 'security', objects: ['person'] },
  'token.create': { title: 'Made an access token', kind: 'security', objects: ['token', 'person'] },
  'token.revoke': { title: 'Revoked an access token', kind: 'security', objects: ['token', 'person'] },
  'person.register': { title: 'Asked for an account', kind: 'change', objects: ['person'] },
  'person.invite': { title: 'Invited someone', kind: 'change', objects: ['person'] },
  'person.admit': { title: 'Let someone in', kind: 'change', objects: ['person'] },
  'person.refuse': { title: 'Refused an account', kind: 'change', objects: ['person'] },
  'person.lock': { title: 'Locked someone out', kind: 'change', objects: ['person'] },
  'person.change': { title: 'Changed someone’s name, organisation or roles', kind: 'change', objects: ['person'] },
  'person.reset': { title: 'Made a link for a new password', kind: 'security', objects: ['person'] },
  'organisation.change': { title: 'Changed organisations or sites', kind: 'change', objects: ['organisation', 'site'] },
  'project.change': { title: 'Changed a project or its sites', kind: 'change', objects: ['project', 'site'] },
  'member.add': { title: 'Gave a role in a project', kind: 'change', objects: ['person', 'project', 'site'] },
  'member.remove': { title: 'Took a role in a project away', kind: 'change', objects: ['person', 'project', 'site'] },
  'terms.publish': { title: 'Published terms of use', kind: 'change', objects: ['terms'] },
  'terms.accept': { title: 'Accepted terms of use', kind: 'change', objects: ['terms'] },
  'node.invite': { title: 'Made a token for a node to join', kind: 'security', objects: [] },
  'node.join': { title: 'Joined as a node', kind: 'security', objects: ['node'] },
  'node.remove': { title: 'Removed a node', kind: 'security', objects: ['node'] },
  'key.change': { title: 'Changed the keys that this node signs with', kind: 'security', objects: ['server'] },
  'access.deny': { title: 'Was denied', kind: 'security', objects: ['permission', 'study', 'address'] },
  'job.cancel': { title: 'Cancelled a job', kind: 'change', objects: ['job'] },
  'job.retry': { title: 'Began a job again', kind: 'change', objects: ['job'] },
  'configuration.change': { title: 'Changed the configuration', kind: 'change', objects: ['server'] },
} as const satisfies Record<string, TracerActionDefinition>;

export type TracerAction = keyof typeof tracerActions;
export const TRACER_ACTIONS = Object.keys(tracerActions) as TracerAction[];
export const TracerAction = z.enum(TRACER_ACTIONS).meta({ id: 'TracerAction' });

/** What is recorded of what a permission allows, or why nothing is. */
export type Tracing = readonly TracerAction[] | { readonly nothing: string };

/** For every permission; a new one without a row here does not compile. */
export const tracingOf: Record<Action, Tracing> = {
  'page.read': { nothing: 'The pages hold no data' },
  'api.describe': { nothing: 'The description holds no data' },
  'health.read': { nothing: 'It says nothing about data' },
  'session.create': ['session.begin', 'session.fail'],
  'session.read': { nothing: "One's own rights" },
  'session.end': ['session.end'],
  'provider.use': ['session.fail'],
  'registration.create': ['person.register', 'person.admit', 'person.reset', 'account.change'],
  'terms.read': { nothing: 'The terms of use are for everyone' },
  'terms.accept': ['terms.accept'],
  'terms.manage': ['terms.publish'],
  'account.manage': ['account.change', 'session.end', 'session.end-all'],
  'token.manage': ['token.create', 'token.revoke'],
  'project.read': { nothing: 'Projects and their members name no patient' },
  'project.manage': ['project.change'],
  'member.manage': ['member.add', 'member.remove'],
  'organisation.read': { nothing: 'Organisations and sites name no patient' },
  'organisation.manage': ['organisation.change'],
  'person.read': { nothing: 'People of the node and their roles, which name no patient' },
  'person.manage': ['person.invite', 'person.admit', 'person.refuse', 'person.lock', 'person.change', 'person.reset'],
  'node.join': ['node.join'],
  'node.call': { nothing: 'What a node asks for is recorded by what it asks for' },
  'node.read': { nothing: 'Nodes name no patient' },
  'node.manage': ['node.invite', 'node.remove'],
  'event.read': {
    nothing: 'Events say that something changed, and their reader asks for it by a request that is recorded',
  },
  'notification.read': { nothing: "One's own notifications, which name no patient" },
  'status.read': { nothing: 'Counts and states of the server' },
  'job.read': { nothing: 'Jobs name no patient' },
  'job.manage': ['job.cancel', 'job.retry'],
  'study.read': ['study.search', 'study.view'],
  'study.delete': ['study.delete'],
  'instance.read': ['study.view', 'instance.retrieve', 'study.export', 'study.export-end'],
  'instance.store': ['instance.store'],
  'log.read': { nothing: 'The log records what is done with data, not that it is read itself' },
  'log.read-project': { nothing: 'The log records what is done with data, not that it is read itself' },
  'log.read-all': { nothing: 'The log records what is done with data, not that it is read itself' },
};
