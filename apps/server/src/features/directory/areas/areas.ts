import { type Action, decide, type Rights, type Zone } from '@isocenter/contract';
import type { Database } from '../../../platform/database/database.ts';
import type { Listener } from '../../../platform/events/index.ts';
import type { Log } from '../../../platform/log.ts';
import { AREA_CHANNEL, type Area, selectAreas } from './area-store.ts';

/** Areas in which someone may do something; the same object as long as neither changes. */
export interface AllowedAreas {
  readonly areas: readonly Area[];
  /** For queries: `area_id = any(…)`. */
  readonly ids: readonly number[];
}

/**
 * Every area of the node, in memory: there are as many as projects have sites, times three. Which of them a caller may
 * use is worked out once for each action, so that it costs a request nothing.
 */
export class Areas {
  readonly #database: Database;
  readonly #zones: readonly Zone[];
  #all: readonly Area[] = [];
  #allowed = new WeakMap<Rights, Map<string, AllowedAreas>>();

  private constructor(database: Database, zones: readonly Zone[]) {
    this.#database = database;
    this.#zones = zones;
  }

  static async open(database: Database, listener: Listener, zones: readonly Zone[], log: Log): Promise<Areas> {
    const areas = new Areas(database, zones);
    const reload = (): Promise<void> =>
      areas.reload().catch((error: unknown) => log.error({ err: error }, 'the areas could not be read'));
    await listener.listen(AREA_CHANNEL, reload, reload);
    await areas.reload();
    return areas;
  }

  /** Reads them anew; other processes are told by those who change them. */
  async reload(): Promise<void> {
    const all = await selectAreas(this.#database.db);
    this.#all = all.filter(({ zone }) => this.#zones.includes(zone));
    this.#allowed = new WeakMap();
  }

  /** The one for data of nobody in particular. */
  unassigned(zone: Zone): Area | undefined {
    return this.#all.find((area) => area.zone === zone && area.project === null);
  }

  /** Where the caller may do the action, in all zones or one. */
  allowed(caller: Rights, action: Action, zone?: Zone): AllowedAreas {
    let known = this.#allowed.get(caller);
    if (known === undefined) {
      known = new Map();
      this.#allowed.set(caller, known);
    }
    const key = zone === undefined ? action : `${action} ${zone}`;
    let allowed = known.get(key);
    if (allowed === undefined) {
      const areas = this.#all.filter(
        (area) => (zone === undefined || area.zone === zone) && decide(caller, action, area) === 'allowed',
      );
      allowed = { areas, ids: areas.map(({ id }) => id) };
      known.set(key, allowed);
    }
    return allowed;
  }
}
