import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { CallerId, type Zone } from '@isocenter/contract';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../platform/database/database.ts';
import type { Authentication, Authenticator, Caller } from '../../platform/http/index.ts';
import { Problem } from '../../platform/http/index.ts';
import { actorOf, Once, type Tracer } from '../../platform/tracer/index.ts';
import { Attempts } from './attempts.ts';
import { readCookie } from './cookie.ts';
import * as store from './session-store.ts';

export const SESSION_SECONDS = 12 * 3600;

/** A page asks for many pictures at once: for so long a session that was found is believed. */
const BELIEVED_MS = 2000;

export interface SessionsOptions {
  readonly database: Database;
  readonly tracer: Tracer;
  /** Whoever has it is the administrator. */
  readonly bootstrapToken: string;
  /** The zones of this node, all of which are the administrator's. */
  readonly zones: readonly Zone[];
  readonly attempts?: Attempts;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Knows callers by the bootstrap token, as a bearer token or through the session that it was exchanged for. */
export class Sessions {
  readonly #database: Database;
  readonly #credential: Buffer;
  readonly #administrator: Caller;
  readonly #attempts: Attempts;
  readonly #tracer: Tracer;
  readonly #failures = new Once({ spanMs: 60_000, most: 10_000 });
  readonly #believed = new LRUCache<string, Caller>({ max: 1000, ttl: BELIEVED_MS });

  constructor({ database, tracer, bootstrapToken, zones, attempts = new Attempts() }: SessionsOptions) {
    this.#database = database;
    this.#tracer = tracer;
    this.#credential = sha256(bootstrapToken);
    this.#attempts = attempts;
    this.#administrator = {
      id: CallerId.parse('bootstrap'),
      name: 'Administrator',
      roles: ['administrator'],
      zones,
    };
  }

  readonly bearer: Authenticator = async ({ headers, ip }): Promise<Authentication | undefined> => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) return undefined;
    return { caller: await this.#callerOf(token, ip), means: 'bearer' };
  };

  readonly cookie: Authenticator = async (request): Promise<Authentication | undefined> => {
    const key = readCookie(request);
    const caller = key === undefined ? undefined : await this.#find(key);
    return caller && { caller, means: 'cookie' };
  };

  /** Exchanges a token for a session; answers the key that the cookie holds. */
  async begin(token: string, address: string): Promise<{ key: string; caller: Caller }> {
    const caller = await this.#callerOf(token, address);
    const key = randomBytes(32).toString('base64url');
    await this.#database.transaction(async (tx) => {
      await store.insertSession(tx, {
        keyHash: sha256(key),
        callerId: caller.id,
        credential: this.#credential,
        seconds: SESSION_SECONDS,
      });
      await this.#tracer.record(tx, { actor: actorOf(caller), action: 'session.begin' });
    });
    return { key, caller };
  }

  async end(key: string, caller: Caller): Promise<void> {
    this.#believed.delete(key);
    await this.#database.transaction(async (tx) => {
      if (await store.deleteSession(tx, sha256(key)))
        await this.#tracer.record(tx, { actor: actorOf(caller), action: 'session.end' });
    });
  }

  prune(): Promise<number> {
    return store.deleteExpiredSessions(this.#database.db);
  }

  async #callerOf(token: string, address: string): Promise<Caller> {
    this.#attempts.demand(address);
    // Hashing first makes both of one length, so that nothing can be learned from the time it takes.
    if (!timingSafeEqual(sha256(token), this.#credential)) {
      this.#attempts.failed(address);
      await this.#recordFailure(address);
      throw new Problem('invalid-credentials').withHeader('www-authenticate', 'Bearer error="invalid_token"');
    }
    this.#attempts.succeeded(address);
    return this.#administrator;
  }

  /** Once a minute for each address: guessing must not fill the log. */
  #recordFailure(address: string): Promise<unknown> {
    return this.#failures.do(address, () =>
      this.#tracer.recordAlone({
        actor: { kind: 'user', id: 'unknown' },
        action: 'session.fail',
        objects: [{ kind: 'address', id: address }],
        outcome: 'denied',
      }),
    );
  }

  async #find(key: string): Promise<Caller | undefined> {
    const believed = this.#believed.get(key);
    if (believed !== undefined) return believed;
    const session = await store.selectSession(this.#database.db, sha256(key));
    if (session === undefined || !session.credential.equals(this.#credential)) return undefined;
    this.#believed.set(key, this.#administrator);
    return this.#administrator;
  }
}
