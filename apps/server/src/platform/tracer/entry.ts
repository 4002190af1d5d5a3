import { actorKey, LogEntry, OBJECT_KINDS, objectKey } from '@isocenter/contract';
import { canonicalJson, ENTRY_BYTES_MAX } from '@isocenter/ledger';

/** An entry as the database takes it: its canonical text, and what it is found by. */
export interface EntryRow {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly outcome: string;
  readonly project: string | null;
  readonly objects: readonly string[];
  readonly body: string;
}

/** Of instances and series there are too many, and nobody looks for one: they are found by their study. */
const FOUND_BY: ReadonlySet<string> = new Set(OBJECT_KINDS.filter((kind) => kind !== 'instance' && kind !== 'series'));

export function entryRow(entry: LogEntry): EntryRow {
  const body = canonicalJson(LogEntry.parse(entry));
  if (Buffer.byteLength(body) > ENTRY_BYTES_MAX) throw new Error(`An entry of ${entry.action} is too long for the log`);
  return { ...columnsOf(entry), body };
}

export const columnsOf = (entry: LogEntry): Omit<EntryRow, 'body'> => ({
  id: entry.id,
  at: entry.time,
  actor: actorKey(entry.actor),
  action: entry.action,
  outcome: entry.outcome,
  project: entry.project ?? null,
  objects: [...new Set(entry.objects.filter(({ kind }) => FOUND_BY.has(kind)).map(objectKey))],
});
