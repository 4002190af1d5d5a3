import { actorKey } from '@isocenter/contract';
import type { LogEntry, LogObject } from '../api/log.ts';
import { t } from '../text/t.ts';

/** Who, in a word: people by their name alone, services and nodes with what they are. */
export const actorText = ({ actor }: LogEntry): string =>
  actor.kind === 'user' ? actor.id : `${t(`tracer.actor.${actor.kind}`)} ${actor.id}`;

export const actorFilter = ({ actor }: LogEntry): string => actorKey(actor);

/** `study 3q2-7w…, 64 instances` */
export function objectsText({ objects }: LogEntry): string {
  const instances = objects.filter(({ kind }) => kind === 'instance').length;
  const others = objects
    .filter(({ kind }) => kind !== 'instance')
    .map(({ kind, id }) => `${t(`tracer.object.${kind}`)} ${short(id)}`);
  return [...others, ...(instances > 0 ? [t('count.instances', { count: instances })] : [])].join(', ');
}

/** Long identifiers by their beginning, which is enough to tell them apart on a page. */
export const short = (id: string): string => (id.length > 14 ? `${id.slice(0, 12)}…` : id);

export const objectLabel = ({ kind }: LogObject): string => t(`tracer.object.${kind}`);
