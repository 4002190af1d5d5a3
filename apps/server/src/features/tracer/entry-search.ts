import type { LogPage } from '@isocenter/contract';
import type { Pool } from 'pg';

/** Which entries someone finds at all: what they did, and what was done in these projects. */
export interface Sight {
  readonly actor: string;
  readonly projects: readonly string[];
}

/** What an entry has to be, in the words of the columns. */
export interface EntryFilter {
  /** Absent for who finds all. */
  readonly sight?: Sight;
  readonly actor?: string;
  readonly object?: string;
  readonly project?: string;
  readonly actions: readonly string[];
  readonly outcomes: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

/** A place in the list: the time in milliseconds, and the leaf. */
interface Place {
  readonly at: number;
  readonly leaf: number;
}

/** Entries that a page looks at, at most, where several filters meet. */
const LOOK_AT = 2000;

interface Row {
  readonly leaf: number;
  readonly at: Date;
  readonly body: string;
}

/**
 * A page of entries, the newest first. One filter leads: its index gives entries in the order of the list. The others are
 * looked at on the way, so that a page takes as long in a long log as in a short one.
 */
export async function searchEntries(
  pool: Pool,
  filter: EntryFilter,
  after: string | undefined,
  limit: number,
): Promise<LogPage> {
  const query = new Led(filter, after);
  const { rows } = await pool.query<Row>(query.page(limit + 1));
  const items = rows.slice(0, limit).map(({ leaf, body }) => ({ leaf, body }));
  if (rows.length > limit) return { items, next: placeText(rows[limit - 1]!), searchedTo: null };
  if (!query.looksFurther) return { items, next: null, searchedTo: null };
  const { rows: ends } = await pool.query<Row>(query.end());
  const [end] = ends;
  return { items, next: end ? placeText(end) : null, searchedTo: end?.at.toISOString() ?? null };
}

const placeText = ({ at, leaf }: Pick<Row, 'at' | 'leaf'>): string => `${at.getTime()}-${leaf}`;

function placeOf(text: string): Place {
  const [at, leaf] = text.split('-').map(Number) as [number, number];
  return { at, leaf };
}

/** A column and the values that it may have. */
type Condition = readonly [column: string, values: readonly string[]];

/** Conditions, the one with the fewest entries first. */
function conditionsOf({ actor, object, project, outcomes, actions }: EntryFilter): Condition[] {
  const one = (column: string, value: string | undefined): Condition[] =>
    value === undefined ? [] : [[column, [value]]];
  return [
    ...one('object.object', object),
    ...(outcomes.length > 0 && !outcomes.includes('done') ? [['entry.outcome', outcomes] as const] : []),
    ...one('entry.actor', actor),
    ...one('entry.project', project),
    ...(actions.length > 0 ? [['entry.action', actions] as const] : []),
  ];
}

/** What leads to all that someone finds, where nothing else is asked for. */
const leadsOf = (sight: Sight | undefined): (readonly [column: string, value: string])[] | undefined =>
  sight && [['entry.actor', sight.actor], ...sight.projects.map((project) => ['entry.project', project] as const)];

/** Whether everything that is asked for is in sight by what is asked for. */
const isWithin = ({ actor, project }: EntryFilter, sight: Sight): boolean =>
  actor === sight.actor || (project !== undefined && sight.projects.includes(project));

/** The statements of one search. */
class Led {
  readonly #values: unknown[] = [];
  /** What the leading index is asked for: each of these gives its entries in order. */
  readonly #branches: readonly string[];
  readonly #bounds: string;
  /** Values that the candidates need; those of the other conditions come behind. */
  readonly #leading: number;
  readonly #others: readonly string[];
  readonly #byObject: boolean;

  constructor(filter: EntryFilter, after: string | undefined) {
    const { sight } = filter;
    const [lead, ...others] = conditionsOf(filter);
    // Nearly all are done, so that leads nowhere: no index has it.
    if (filter.outcomes.includes('done')) others.push(['entry.outcome', filter.outcomes]);
    this.#byObject = filter.object !== undefined;
    const leads = lead === undefined ? leadsOf(sight) : lead[1].map((value) => [lead[0], value] as const);
    this.#branches = leads?.map(([column, value]) => `${column} = ${this.#bind(value)}`) ?? ['true'];
    this.#bounds = this.#boundsOf(filter, after);
    this.#leading = this.#values.length;
    this.#others = others.map(([column, values]) => `${column} = any(${this.#bind(values)})`);
    if (lead !== undefined && sight !== undefined && !isWithin(filter, sight)) {
      const [actor, projects] = [this.#bind(sight.actor), this.#bind(sight.projects)];
      this.#others = [...this.#others, `(entry.actor = ${actor} or entry.project = any(${projects}))`];
    }
  }

  /** Whether there may be more behind the entries that a page looked at. */
  get looksFurther(): boolean {
    return this.#others.length > 0;
  }

  page(most: number): { text: string; values: unknown[] } {
    const inner = this.looksFurther ? LOOK_AT : most;
    const where = this.looksFurther ? `where ${this.#others.join(' and ')}` : '';
    const text = `select leaf, at, body from (${this.#candidates(inner)}) as entry ${where} order by at desc, leaf desc limit ${most}`;
    return { text, values: this.#values };
  }

  /** The last entry that a page looked at; none when it came to the end. */
  end(): { text: string; values: unknown[] } {
    const text = `select leaf, at from (${this.#candidates(LOOK_AT)}) as entry order by at desc, leaf desc offset ${LOOK_AT - 1}`;
    return { text, values: this.#values.slice(0, this.#leading) };
  }

  #candidates(most: number): string {
    const source = this.#byObject ? 'log_object as object join log_entry as entry using (leaf)' : 'log_entry as entry';
    const place = this.#byObject ? 'object' : 'entry';
    const columns = 'entry.leaf, entry.at, entry.actor, entry.action, entry.project, entry.outcome, entry.body';
    const branches = this.#branches.map(
      (branch) =>
        `(select ${columns} from ${source} where ${branch} ${this.#bounds.replaceAll('place.', `${place}.`)}
          order by ${place}.at desc, ${place}.leaf desc limit ${most})`,
    );
    if (branches.length === 1) return branches[0]!;
    // Not `union all`: what someone did in a project of theirs is in two of them.
    return `select * from (${branches.join(' union ')}) as entry order by at desc, leaf desc limit ${most}`;
  }

  #boundsOf({ from, to }: EntryFilter, after: string | undefined): string {
    const bounds: string[] = [];
    if (from !== undefined) bounds.push(`and place.at >= ${this.#bind(from)}::timestamptz`);
    if (to !== undefined) bounds.push(`and place.at < ${this.#bind(to)}::timestamptz`);
    if (after !== undefined) {
      const { at, leaf } = placeOf(after);
      const [time, number] = [this.#bind(new Date(at).toISOString()), this.#bind(leaf)];
      bounds.push(`and (place.at, place.leaf) < (${time}::timestamptz, ${number}::bigint)`);
    }
    return bounds.join(' ');
  }

  #bind(value: unknown): string {
    this.#values.push(value);
    return `$${this.#values.length}`;
  }
}
