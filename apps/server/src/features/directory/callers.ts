import { CallerId, type Holding, type Obligation, type PersonId, type Role, rolesOf } from '@isocenter/contract';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../platform/database/database.ts';
import type { Listener } from '../../platform/events/index.ts';
import { type Caller, makeCaller } from '../../platform/http/index.ts';
import { selectMappedRights } from './people/external-identity-store.ts';
import { selectMembershipsOf, selectPerson } from './people/person-store.ts';
import { RIGHTS_CHANNEL } from './rights-changed.ts';

/** Tells what someone has to do before anything else, if they have. */
export type Duty = (person: PersonId, roles: readonly Role[]) => Promise<Obligation | undefined>;

/** Changes are told at once; this is for when telling fails. */
const KNOWN_MS = 30_000;
const MOST = 5_000;

/** Who people are and what they may: read once, forgotten when it changes. */
export class Callers {
  readonly #database: Database;
  readonly #known = new LRUCache<PersonId, Promise<Caller | undefined>>({ max: MOST, ttl: KNOWN_MS });
  readonly #duties: Duty[] = [];
  readonly #onForget: ((person: PersonId | undefined) => void)[] = [];

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database, listener: Listener): Promise<Callers> {
    const callers = new Callers(database);
    await listener.listen(
      RIGHTS_CHANNEL,
      (payload) => callers.forget(payload === 'everyone' ? undefined : (payload as PersonId)),
      () => callers.forget(undefined),
    );
    return callers;
  }

  /** Undefined for someone who may not come in: unknown, not approved, locked out. */
  of(person: PersonId): Promise<Caller | undefined> {
    let known = this.#known.get(person);
    if (known === undefined) {
      known = this.#read(person);
      this.#known.set(person, known);
      known.catch(() => this.#known.delete(person));
    }
    return known;
  }

  /** Adds something that people may have to do first. When that changes, {@link rightsChanged} says so. */
  addDuty(duty: Duty): void {
    this.#duties.push(duty);
  }

  /** Called when someone's rights changed (undefined: anyone's), so that what was made of them is forgotten too. */
  onForget(forget: (person: PersonId | undefined) => void): void {
    this.#onForget.push(forget);
  }

  /** Reads someone's rights (undefined: anyone's) anew. Other processes are told by those who change them. */
  forget(person: PersonId | undefined): void {
    if (person === undefined) this.#known.clear();
    else this.#known.delete(person);
    for (const forget of this.#onForget) forget(person);
  }

  async #read(id: PersonId): Promise<Caller | undefined> {
    const { db } = this.#database;
    const [person, memberships, mapped] = await Promise.all([
      selectPerson(db, id),
      selectMembershipsOf(db, id),
      selectMappedRights(db, id),
    ]);
    if (person?.state !== 'active') return undefined;
    const holdings: Holding[] = [
      ...person.nodeRoles.map((role) => ({ role, project: null, site: null })),
      ...memberships.map(({ role, projectId, siteId }) => ({ role, project: projectId, site: siteId })),
      ...mapped.holdings,
    ];
    const caller = {
      id: CallerId.parse(id),
      name: person.name,
      kind: 'person' as const,
      holdings,
      grants: mapped.grants,
    };
    const obligations = await Promise.all(this.#duties.map((duty) => duty(id, rolesOf(caller))));
    return makeCaller({ ...caller, obligations: obligations.filter((each) => each !== undefined) });
  }
}
