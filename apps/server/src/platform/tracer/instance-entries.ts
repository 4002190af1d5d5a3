import type { Actor, LogEntry, LogObject, Zone } from '@isocenter/contract';
import { canonicalJson, ENTRY_BYTES_MAX } from '@isocenter/ledger';
import { columnsOf, type EntryRow } from './entry.ts';
import type { Tracer } from './tracer.ts';

/** An instance that is being entered into the index, and may turn out to be there already. */
export interface TracedInstance {
  /** Its place in the batch, from 1. */
  readonly place: number;
  readonly sopInstanceUid: string;
  readonly sha256: string;
}

export interface TracedStudy {
  readonly actor: Actor;
  readonly zone: Zone;
  readonly project?: string;
  readonly studyInstanceUid: string;
  readonly instances: readonly TracedInstance[];
}

/** An entry in pieces: `before`, a fragment for each instance that is new, `after`. */
export interface EntryParts extends Omit<EntryRow, 'body'> {
  readonly before: string;
  readonly after: string;
  readonly instances: readonly { readonly place: number; readonly text: string }[];
}

/** Instances of one entry: 130 bytes each, with room for the rest. */
const INSTANCES_MAX = 400;

/** The only objects that the database adds come last, so that joining the pieces gives canonical JSON. */
const MARK = ',{"kind":"mark"}';

/**
 * Entries about stored instances, for the statement that enters them into the index: only there it is known which of
 * them are new.
 */
export function entryParts(tracer: Tracer, study: TracedStudy): EntryParts[] {
  const parts: EntryParts[] = [];
  for (let from = 0; from < study.instances.length; from += INSTANCES_MAX)
    parts.push(partsOf(tracer, study, study.instances.slice(from, from + INSTANCES_MAX)));
  return parts;
}

function partsOf(tracer: Tracer, study: TracedStudy, instances: readonly TracedInstance[]): EntryParts {
  const { actor, zone, project, studyInstanceUid } = study;
  const entry = tracer.entryOf({
    actor,
    action: 'instance.store',
    zone,
    ...(project !== undefined && { project }),
    objects: [{ kind: 'study', id: studyInstanceUid }],
  });
  const [before = '', after = ''] = withMark(entry).split(MARK);
  const fragments = instances.map(({ place, sopInstanceUid, sha256 }) => {
    const object = tracer.objectOf({ kind: 'instance', id: sopInstanceUid, hash: sha256 as LogObject['hash'] });
    return { place, text: `,${canonicalJson(object)}` };
  });
  const length = fragments.reduce((sum, { text }) => sum + text.length, Buffer.byteLength(before + after));
  if (length > ENTRY_BYTES_MAX) throw new Error('An entry about stored instances is too long for the log');
  return { ...columnsOf(entry), before, after, instances: fragments };
}

const withMark = ({ objects, ...entry }: LogEntry): string =>
  canonicalJson({ ...entry, objects: [...objects, { kind: 'mark' }] });
