import { randomUUID } from 'node:crypto';
import type { AccessToken, AccessTokenId, PersonId, TokenScope } from '@isocenter/contract';
import type { Database } from '../../platform/database/database.ts';
import { type Caller, Problem } from '../../platform/http/index.ts';
import { newSecret, sha256 } from '../../platform/secret.ts';
import type { Tracer } from '../../platform/tracer/index.ts';
import { rightsChanged } from '../directory/index.ts';
import * as store from './token-store.ts';

/** By it, people and programs that look for lost secrets know what it is. */
const PREFIX = 'isct_';
const ENDING = 4;
/** Tokens that ended stay in the list for so long. */
const KEPT_DAYS = 30;

export const isPersonalToken = (token: string): boolean => token.startsWith(PREFIX);

export interface WantedToken {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly expiresAt: Date;
}

/** Access tokens that people make for their programs. */
export class PersonalTokens {
  readonly #database: Database;
  readonly #tracer: Tracer;

  constructor(database: Database, tracer: Tracer) {
    this.#database = database;
    this.#tracer = tracer;
  }

  /** The token is in the answer and nowhere else. */
  async create(person: PersonId, wanted: WantedToken): Promise<AccessToken & { token: string }> {
    const token = `${PREFIX}${newSecret()}`;
    const id = randomUUID() as AccessTokenId;
    const made = await this.#database.transaction(async (tx) => {
      await this.#record(tx, 'token.create', person, id);
      return store.insertToken(tx, { ...wanted, id, person, hash: sha256(token), ending: token.slice(-ENDING) });
    });
    return { ...made, token };
  }

  list(person: PersonId): Promise<AccessToken[]> {
    return store.selectTokens(this.#database.db, person);
  }

  async revoke(person: PersonId, id: AccessTokenId): Promise<void> {
    await this.#database.transaction(async (tx) => {
      if (!(await store.deleteToken(tx, person, id))) throw new Problem('not-found', { what: 'access token' });
      await this.#record(tx, 'token.revoke', person, id);
      await rightsChanged(tx, person);
    });
  }

  /** Whose it is; undefined for one that is unknown or has expired. */
  use(token: string): Promise<store.FoundToken | undefined> {
    return store.useTokenHash(this.#database.db, sha256(token));
  }

  #record(
    tx: Database['db'],
    action: 'token.create' | 'token.revoke',
    person: PersonId,
    id: AccessTokenId,
  ): Promise<unknown> {
    const objects = [
      { kind: 'token' as const, id },
      { kind: 'person' as const, id: person },
    ];
    return this.#tracer.record(tx, { actor: { kind: 'user', id: person }, action, objects });
  }

  prune(): Promise<number> {
    return store.deleteOldTokens(this.#database.db, KEPT_DAYS);
  }
}

/** A token that is made with a token can do no more than it. */
export function demandWithin(caller: Caller, scopes: readonly TokenScope[]): void {
  if (scopes.some((scope) => caller.scopes?.includes(scope) === false)) {
    throw new Problem('not-allowed', { action: 'token.manage' });
  }
}
