import { OUTCOMES, TRACER_ACTIONS } from '@isocenter/contract';
import type { LogFilter, LogPageOf, Outcome, TracerAction } from '../api/log.ts';
import { compact, textOfSearch, textsOfSearch, wholeNumberOfSearch } from '../app/search-string.ts';

/** Everything that the list of the tracer shows, as it stands in the address. */
export interface TracerSearch {
  readonly study?: string;
  readonly actor?: string;
  readonly object?: string;
  readonly action?: readonly TracerAction[];
  readonly project?: string;
  readonly outcome?: readonly Outcome[];
  /** Local days: `YYYY-MM-DD` */
  readonly from?: string;
  readonly to?: string;
  /** Where the page begins, as the one before it said. */
  readonly after?: string;
  /** The leaf whose preview is shown. */
  readonly entry?: number;
}

export const pageSize = 50;

export function parseTracerSearch(raw: Record<string, unknown>): TracerSearch {
  return compact({
    study: matching(/^[0-9]+(\.[0-9]+)*$/, raw.study),
    actor: textOfSearch(raw.actor),
    object: textOfSearch(raw.object),
    action: chosen(TRACER_ACTIONS, raw.action),
    project: textOfSearch(raw.project),
    outcome: chosen(OUTCOMES, raw.outcome),
    from: matching(/^\d{4}-\d{2}-\d{2}$/, raw.from),
    to: matching(/^\d{4}-\d{2}-\d{2}$/, raw.to),
    after: matching(/^\d{1,15}-\d{1,16}$/, raw.after),
    entry: wholeNumberOfSearch(raw.entry, 0, Number.MAX_SAFE_INTEGER),
  });
}

function matching(pattern: RegExp, value: unknown): string | undefined {
  const text = textOfSearch(value);
  return text && pattern.test(text) ? text : undefined;
}

function chosen<T extends string>(allowed: readonly T[], value: unknown): T[] | undefined {
  const texts = textsOfSearch(value)?.flatMap((text) => allowed.find((item) => item === text) ?? []);
  return texts && texts.length > 0 ? texts : undefined;
}

/** What to ask the server for. */
export const logPageOf = (search: TracerSearch): LogPageOf =>
  compact({ ...filterOf(search), after: search.after, limit: pageSize }) as LogPageOf;

function filterOf({ from, to, ...search }: TracerSearch): LogFilter {
  const { study, actor, object, action, project, outcome } = search;
  return compact({
    study,
    actor: actor && (actor.includes(':') ? actor : `user:${actor}`),
    object,
    action,
    project,
    outcome,
    from: from && startOf(from, 0),
    to: to && startOf(to, 1),
  });
}

/** The moment at which a local day begins, or the day that many days later. */
function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

export const isFiltered = (search: TracerSearch): boolean => Object.keys(filterOf(search)).length > 0;
