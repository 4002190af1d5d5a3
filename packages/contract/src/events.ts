import { z } from 'zod';
import { JobId, NotificationId, ProjectId, SiteId, StudyUid } from './ids.ts';
import { JobProgress, JobState } from './jobs.ts';
import type { Action } from './permissions.ts';
import { decide, type Resource, type Rights, rolesOf } from './policy.ts';
import { Role } from './roles.ts';
import { Zone } from './zones.ts';

/** One kind of live event: who may see it and what it says. Events tell that something changed, pages ask for what. */
interface EventDefinition<S extends z.ZodType = z.ZodType> {
  readonly title: string;
  /** The right without which the event is not sent. */
  readonly action: Action;
  /** No patient data: UIDs and counts. A `zone` with `project` and `site`, or a `role`, narrows who may see it. */
  readonly data: S;
}

const define = <S extends z.ZodType>(definition: EventDefinition<S>): EventDefinition<S> => definition;

/** Every kind of event on `GET /api/events`. */
export const events = {
  'job.changed': define({
    title: 'A job changed its state or made progress',
    action: 'job.read',
    data: z.object({ id: JobId, kind: z.string(), state: JobState, progress: JobProgress.nullable() }),
  }),
  'notification.created': define({
    title: 'There is a new notification for the caller',
    action: 'notification.read',
    data: z.object({ id: NotificationId, role: Role.optional().describe('For all who have it') }),
  }),
  'study.changed': define({
    title: 'A study was stored, grew, or was deleted',
    action: 'study.read',
    data: z.object({
      studyUid: StudyUid,
      zone: Zone,
      project: ProjectId.nullable(),
      site: SiteId.nullable(),
      change: z.enum(['stored', 'deleted']),
    }),
  }),
};

export type Events = typeof events;
export type EventType = keyof Events;
export type EventData<T extends EventType> = z.output<Events[T]['data']>;

/** An event as its subscribers get it. */
export type Event = { [T in EventType]: { readonly type: T; readonly data: EventData<T> } }[EventType];

/** Sent when events since the given Last-Event-ID are no longer kept: whoever hears it asks for everything anew. */
export const RESET_EVENT = 'reset';

export const EVENT_TYPES = Object.keys(events) as EventType[];

const isEventType = (type: string): type is EventType => Object.hasOwn(events, type);

/** Parses what came over the wire or out of the database; undefined for a kind that this version does not know. */
export function parseEvent(type: string, data: unknown): Event | undefined {
  if (!isEventType(type)) return undefined;
  const parsed = events[type].data.safeParse(data);
  return parsed.success ? ({ type, data: parsed.data } as Event) : undefined;
}

export function maySee(rights: Rights, { type, data }: Event): boolean {
  if ('role' in data && data.role !== undefined && !rolesOf(rights).includes(data.role)) return false;
  const resource: Resource = 'zone' in data ? { zone: data.zone, project: data.project, site: data.site } : {};
  return decide(rights, events[type].action, resource) === 'allowed';
}
