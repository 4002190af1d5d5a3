import { z } from 'zod';
import { Sha256 } from './ids.ts';
import { OBJECT_KINDS, TracerAction } from './tracer-actions.ts';
import { Zone } from './zones.ts';

const text = (most: number) => z.string().min(1).max(most);

export const ACTOR_KINDS = ['user', 'service', 'node'] as const;

/** Who did something. */
export const Actor = z
  .strictObject({
    kind: z.enum(ACTOR_KINDS),
    id: text(200),
    key: text(200).optional().describe('The public key of a node'),
  })
  .meta({ id: 'Actor' });
export type Actor = z.infer<typeof Actor>;

export const LogObject = z
  .strictObject({
    kind: z.enum(OBJECT_KINDS),
    id: text(200),
    hash: Sha256.optional().describe('SHA-256 of its content'),
  })
  .meta({ id: 'LogObject' });
export type LogObject = z.infer<typeof LogObject>;

export const OUTCOMES = ['done', 'denied', 'failed'] as const;
export const Outcome = z.enum(OUTCOMES).meta({ id: 'Outcome' });
export type Outcome = z.infer<typeof Outcome>;

const Value = z.union([
  z.null(),
  z.boolean(),
  z.number(),
  z.string().max(2000),
  z.array(z.string().max(2000)).max(200),
]);

export const LogChange = z
  .strictObject({ field: text(200), old: Value.optional(), new: Value.optional() })
  .meta({ id: 'LogChange' });
export type LogChange = z.infer<typeof LogChange>;

/** What a leaf of the log says. Its bytes are this as canonical JSON (RFC 8785). */
export const LogEntry = z
  .strictObject({
    v: z.literal(1),
    id: z.uuid().describe('UUIDv7'),
    time: z.iso.datetime({ precision: 3 }),
    actor: Actor,
    onBehalfOf: Actor.optional(),
    action: TracerAction,
    objects: z.array(LogObject),
    zone: Zone.optional(),
    project: text(200).optional(),
    purpose: text(200).optional(),
    grant: text(200).optional(),
    tool: z
      .strictObject({
        name: text(200),
        version: text(200).optional(),
        image: text(200).optional().describe('The digest of its image'),
        command: text(2000).optional(),
      })
      .optional(),
    changes: z.array(LogChange).max(200).optional(),
    began: z.uuid().optional().describe('The entry of the beginning of what ends here'),
    outcome: Outcome,
    reason: text(200).optional().describe('The code of the error'),
  })
  .meta({ id: 'LogEntry' });
export type LogEntry = z.infer<typeof LogEntry>;

/** `user:ada`: an actor in one word, by which entries are searched. */
export const actorKey = ({ kind, id }: Pick<Actor, 'kind' | 'id'>): string => `${kind}:${id}`;

/** `study:3q2-7w…` */
export const objectKey = ({ kind, id }: Pick<LogObject, 'kind' | 'id'>): string => `${kind}:${id}`;
