import { LogEntry, type LogInfo, type LogRow, type Outcome, type TracerAction } from '@isocenter/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { LogEntry, LogObject, LogRow, Outcome, TracerAction } from '@isocenter/contract';

export interface LogFilter {
  readonly actor?: string;
  readonly study?: string;
  readonly object?: string;
  readonly action?: readonly TracerAction[];
  readonly project?: string;
  readonly outcome?: readonly Outcome[];
  readonly from?: string;
  readonly to?: string;
}

export interface LogPageOf extends LogFilter {
  readonly after?: string;
  readonly limit: number;
}

export function logQuery(page: LogPageOf) {
  return queryOptions({
    queryKey: ['log', 'entries', page],
    queryFn: ({ signal }) => {
      const { action = [], outcome = [], ...rest } = page;
      return client.listLogEntries({ query: { ...rest, action: [...action], outcome: [...outcome] } }, { signal });
    },
    placeholderData: keepPreviousData,
  });
}

export function logEntryQuery(leaf: number) {
  return queryOptions({
    queryKey: ['log', 'entry', leaf],
    queryFn: ({ signal }) => client.getLogEntry({ params: { leaf } }, { signal }),
  });
}

export interface SignedLog {
  readonly info: LogInfo;
  /** The checkpoint as the server gives it; undefined while the log has no entries. */
  readonly note: string | undefined;
}

/** The log's name, key and checkpoint. `newest` is a leaf that the checkpoint shall have. */
export function checkpointQuery(newest: number) {
  return queryOptions({
    queryKey: ['log', 'checkpoint', newest],
    queryFn: async ({ signal }): Promise<SignedLog> => {
      const info = await client.getLogInfo({}, { signal });
      if (info.size === 0) return { info, note: undefined };
      return { info, note: await (await client.fetch('/api/log/checkpoint', { signal })).text() };
    },
    placeholderData: keepPreviousData,
  });
}

/** What the bytes of a leaf say; undefined for what this program doesn't know, such as a newer version. */
export function entryOf({ body }: LogRow): LogEntry | undefined {
  try {
    const parsed = LogEntry.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
