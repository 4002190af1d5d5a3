import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Database } from '../../platform/database/database.ts';
import * as store from './provider-record-store.ts';

/** Where the provider wants nothing said of an end; a grant lives as long as what hangs on it. */
const LONGEST_SECONDS = 31 * 86_400;

/** Its id must be known when it is found by what people type. It lives for some minutes. */
const keepsItsId = new Set(['DeviceCode']);

/**
 * Keeps what the provider remembers in PostgreSQL. An id is often the secret itself (a session's cookie, a code, a refresh
 * token): only its hash is kept, and it is put back when somebody shows it.
 */
export class PostgresAdapter implements Adapter {
  readonly #db: Database['db'];
  readonly #kind: string;

  constructor(db: Database['db'], kind: string) {
    this.#db = db;
    this.#kind = kind;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number = LONGEST_SECONDS): Promise<void> {
    const { jti, ...rest } = payload;
    const kept = keepsItsId.has(this.#kind) ? payload : rest;
    await store.upsertRecord(this.#db, this.#kind, id, kept as Record<string, unknown>, expiresIn);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return withId(await store.selectRecord(this.#db, this.#kind, { id }), id);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return withId(await store.selectRecord(this.#db, this.#kind, { userCode }));
  }

  /** Of sessions, asked whether they are still there: without the id, nobody can go on with one. */
  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return withId(await store.selectRecord(this.#db, this.#kind, { uid }), 'unknown');
  }

  /** Of two who show the same code at once, one is refused. */
  async consume(id: string): Promise<void> {
    if (!(await store.consumeRecord(this.#db, this.#kind, id))) throw new errors.InvalidGrant('it was used already');
  }

  destroy(id: string): Promise<void> {
    return store.deleteRecord(this.#db, this.#kind, id);
  }

  revokeByGrantId(grantId: string): Promise<void> {
    return store.deleteRecordsOfGrant(this.#db, grantId);
  }
}

function withId(record: store.ProviderRecord | undefined, id?: string): AdapterPayload | undefined {
  if (record === undefined) return undefined;
  return {
    ...record.payload,
    ...(id !== undefined && { jti: id }),
    ...(record.consumed !== undefined && { consumed: record.consumed }),
  } as AdapterPayload;
}
