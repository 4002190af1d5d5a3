import { randomUUID, timingSafeEqual } from 'node:crypto';
import { type Actor, CallerId, type PersonId, type SessionId, type SessionRow } from '@isocenter/contract';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../platform/database/database.ts';
import {
  type Authentication,
  type Authenticator,
  type Caller,
  makeCaller,
  Problem,
} from '../../platform/http/index.ts';
import { newSecret, sha256 } from '../../platform/secret.ts';
import { actorOf, Once, type Tracer } from '../../platform/tracer/index.ts';
import { type Callers, rightsChanged, updateLastSignIn } from '../directory/index.ts';
import { Attempts } from './attempts.ts';
import { sessionCookie } from './cookie.ts';
import * as store from './session-store.ts';

/** A page asks for many pictures at once: for so long a session that was found is believed. */
const BELIEVED_MS = 2000;
/** What a browser calls itself can be long. */
const AGENT_LENGTH = 200;

export interface SessionsOptions {
  readonly database: Database;
  readonly tracer: Tracer;
  readonly callers: Callers;
  /** Whoever has it is the administrator. */
  readonly bootstrapToken: string;
  readonly sessionSeconds: number;
  readonly sessionIdleSeconds: number;
  readonly attempts?: Attempts;
}

/** A session as it was begun. */
export interface Begun {
  /** The value of its cookie. */
  readonly key: string;
  readonly caller: Caller;
}

interface Known {
  readonly id: SessionId;
  readonly person: PersonId | null;
}

/** Sessions of browsers, begun for a person or for the bootstrap token, and that token itself. */
export class Sessions {
  readonly seconds: number;
  readonly #options: SessionsOptions;
  readonly #credential: Buffer;
  readonly #administrator: Caller;
  readonly #attempts: Attempts;
  readonly #failures = new Once({ spanMs: 60_000, most: 10_000 });
  readonly #believed = new LRUCache<string, Known>({ max: 5000, ttl: BELIEVED_MS });

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.seconds = options.sessionSeconds;
    this.#credential = sha256(options.bootstrapToken);
    this.#attempts = options.attempts ?? new Attempts();
    this.#administrator = makeCaller({
      id: CallerId.parse('bootstrap'),
      name: 'Administrator',
      kind: 'token',
      holdings: [{ role: 'administrator', project: null, site: null }],
    });
    options.callers.onForget(() => this.#believed.clear());
  }

  readonly cookie: Authenticator = async (request): Promise<Authentication | undefined> => {
    const key = sessionCookie.read(request);
    const known = key === undefined ? undefined : await this.#find(key);
    if (known === undefined) return undefined;
    const caller = known.person === null ? this.#administrator : await this.#options.callers.of(known.person);
    return caller && { caller, means: 'cookie' };
  };

  /** The administrator, by the bootstrap token. Wrong ones make an address wait. */
  async bootstrap(token: string, address: string): Promise<Caller> {
    this.#attempts.demand(address);
    // Hashing first makes both of one length, so that nothing can be learned from the time it takes.
    if (!this.isBootstrap(token)) {
      this.#attempts.failed(address);
      await this.recordFailure(address);
      throw new Problem('invalid-credentials').withHeader('www-authenticate', 'Bearer error="invalid_token"');
    }
    this.#attempts.succeeded(address);
    return this.#administrator;
  }

  /** Once a minute for each address: guessing must not fill the log. */
  recordFailure(address: string): Promise<unknown> {
    return this.#failures.do(address, () =>
      this.#options.tracer.recordAlone({
        actor: { kind: 'user', id: 'unknown' },
        action: 'session.fail',
        objects: [{ kind: 'address', id: address }],
        outcome: 'denied',
      }),
    );
  }

  isBootstrap(token: string): boolean {
    return timingSafeEqual(sha256(token), this.#credential);
  }

  /** Exchanges the bootstrap token for a session. */
  async beginByToken(token: string, request: FastifyRequest): Promise<Begun> {
    const caller = await this.bootstrap(token, request.ip);
    return this.#begin(request, caller, { credential: this.#credential });
  }

  /** Begins a session for someone whom a provider knows; a session that the browser had before ends. */
  async beginFor(
    person: PersonId,
    provider: store.ProviderSession | undefined,
    request: FastifyRequest,
  ): Promise<Begun> {
    const caller = await this.#options.callers.of(person);
    if (caller === undefined) throw new Problem('account-closed');
    return this.#begin(request, caller, { personId: person, ...(provider && { provider }) });
  }

  /** Ends the request's session; answers what its provider must be shown to end its own. */
  async end(request: FastifyRequest): Promise<{ idToken: string | null } | undefined> {
    const key = sessionCookie.read(request);
    if (key === undefined) return undefined;
    this.#believed.delete(key);
    return this.#options.database.transaction(async (tx) => {
      const ended = await store.deleteSession(tx, sha256(key));
      if (ended)
        await this.#options.tracer.record(tx, { actor: { kind: 'user', id: ended.callerId }, action: 'session.end' });
      return ended;
    });
  }

  async list(person: PersonId, request: FastifyRequest): Promise<SessionRow[]> {
    const current = await this.#current(request);
    return store.selectSessionsOf(this.#db, person, current, this.#options.sessionIdleSeconds);
  }

  async endOne(person: PersonId, id: SessionId): Promise<void> {
    await this.#options.database.transaction(async (tx) => {
      if (!(await store.deleteSessionOf(tx, person, id))) throw new Problem('not-found', { what: 'session' });
      const actor = { kind: 'user' as const, id: person };
      await this.#options.tracer.record(tx, { actor, action: 'session.end', objects: [{ kind: 'session', id }] });
      await rightsChanged(tx, person);
    });
  }

  /** Ends all of a person's sessions, or all but the one of the request. */
  async endAll(person: PersonId, actor: Actor, tx: Database['db'], except?: FastifyRequest): Promise<void> {
    await store.deleteSessionsOf(tx, person, except && (await this.#current(except)));
    await this.#options.tracer.record(tx, {
      actor,
      action: 'session.end-all',
      objects: [{ kind: 'person', id: person }],
    });
    await rightsChanged(tx, person);
  }

  /** Ends what a provider says has ended. */
  async endOfProvider(issuer: string, which: { sid: string } | { subject: string }): Promise<number> {
    return this.#options.database.transaction(async (tx) => {
      const people = await store.deleteSessionsOfProvider(tx, issuer, which);
      const actor = { kind: 'service' as const, id: 'identity-provider' };
      for (const person of people) {
        const objects = [{ kind: 'person' as const, id: person }];
        await this.#options.tracer.record(tx, { actor, action: 'session.end-all', objects });
        await rightsChanged(tx, person);
      }
      return people.length;
    });
  }

  prune(): Promise<number> {
    return store.deleteExpiredSessions(this.#db, this.#options.sessionIdleSeconds);
  }

  get #db(): Database['db'] {
    return this.#options.database.db;
  }

  async #begin(
    request: FastifyRequest,
    caller: Caller,
    whose: Pick<store.NewSession, 'personId' | 'credential' | 'provider'>,
  ): Promise<Begun> {
    // Never the key that the browser came with: someone else may have planted it there.
    await this.end(request);
    const key = newSecret();
    await this.#options.database.transaction(async (tx) => {
      await store.insertSession(tx, {
        keyHash: sha256(key),
        id: randomUUID() as SessionId,
        callerId: caller.id,
        ...whose,
        agent: (request.headers['user-agent'] ?? '').slice(0, AGENT_LENGTH),
        seconds: this.seconds,
      });
      if (whose.personId !== undefined) await updateLastSignIn(tx, whose.personId);
      await this.#options.tracer.record(tx, { actor: actorOf(caller), action: 'session.begin' });
    });
    return { key, caller };
  }

  async #current(request: FastifyRequest): Promise<SessionId | undefined> {
    const key = sessionCookie.read(request);
    return key === undefined ? undefined : (await this.#find(key))?.id;
  }

  async #find(key: string): Promise<Known | undefined> {
    const believed = this.#believed.get(key);
    if (believed !== undefined) return believed;
    const session = await store.useSession(this.#db, sha256(key), this.#options.sessionIdleSeconds);
    if (session === undefined) return undefined;
    if (session.personId === null && !session.credential?.equals(this.#credential)) return undefined;
    const known = { id: session.id, person: session.personId };
    this.#believed.set(key, known);
    return known;
  }
}
