import { z } from 'zod';
import { JobId, PersonId } from './ids.ts';

/** One kind of notification: what it is about and how it reads. */
interface NotificationKindDefinition<S extends z.ZodType = z.ZodType> {
  readonly level: 'info' | 'success' | 'warning' | 'error';
  /** Never patient data: notifications may leave by mail. */
  readonly params: S;
  readonly text: (params: z.output<S>) => string;
  /** The page that tells more. */
  readonly href: (params: z.output<S>) => string;
}

const define = <S extends z.ZodType>(definition: NotificationKindDefinition<S>): NotificationKindDefinition<S> =>
  definition;

const aboutJob = z.strictObject({ jobId: JobId, title: z.string() });

/** Every kind of notification. */
export const notificationKinds = {
  'job.done': define({
    level: 'success',
    params: aboutJob,
    text: ({ title }) => `${title}: done`,
    href: ({ jobId }) => `/jobs/${jobId}`,
  }),
  'job.failed': define({
    level: 'error',
    params: aboutJob.extend({ detail: z.string() }),
    text: ({ title, detail }) => `${title}: failed. ${detail}`,
    href: ({ jobId }) => `/jobs/${jobId}`,
  }),
  'person.waiting': define({
    level: 'info',
    params: z.strictObject({ personId: PersonId, name: z.string() }),
    text: ({ name }) => `${name} asks for an account`,
    href: ({ personId }) => `/admin/people/${personId}`,
  }),
};

export type NotificationKinds = typeof notificationKinds;
export type NotificationKind = keyof NotificationKinds;
export type NotificationParams<K extends NotificationKind> = z.input<NotificationKinds[K]['params']>;

export const NOTIFICATION_KINDS = Object.keys(notificationKinds) as NotificationKind[];

/** How a stored notification reads now; its parameters are parsed again, since they may be older than the catalogue. */
export function describeNotification(
  kind: NotificationKind,
  params: unknown,
): { level: NotificationKindDefinition['level']; text: string; href: string } {
  const { level, params: schema, text, href }: NotificationKindDefinition = notificationKinds[kind];
  const known = schema.parse(params);
  return { level, text: text(known), href: href(known) };
}
