import type { PersonId, TokenScope } from '@isocenter/contract';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import {
  type Authentication,
  type Authenticator,
  type Caller,
  makeCaller,
  Problem,
} from '../../../platform/http/index.ts';
import type { Log } from '../../../platform/log.ts';
import { sha256 } from '../../../platform/secret.ts';
import type { Callers } from '../../directory/index.ts';
import { isPersonalToken, type PersonalTokens } from '../../tokens/index.ts';
import type { Sessions } from '../sessions.ts';
import { type AdmitParts, admit } from '../sign-in/admit.ts';
import type { RelyingParty } from '../sign-in/relying-party.ts';
import { claimedAlgorithm, looksLikeJwt, verifyAccessToken } from './access-jwt.ts';

export interface BearerParts {
  readonly sessions: Sessions;
  readonly callers: Callers;
  readonly tokens: PersonalTokens;
  readonly party: RelyingParty;
  readonly admit: AdmitParts;
  readonly log: Log;
}

/** Whose token it is, what it is limited to, and until when it is believed without looking again (ms since 1970). */
interface Believed {
  readonly person: PersonId;
  readonly scopes: readonly TokenScope[] | undefined;
  readonly until: number;
  /** Of a personal access token: what is made with it lives no longer. */
  readonly expiresAt?: number;
}

/** Verifying costs a signature or a query: for so long it isn't done again. What is revoked is told at once. */
const BELIEVED_MS = 10_000;

/** Knows programs by their bearer token: the bootstrap token, a personal access token, or a JWT of the identity provider. */
export class Bearer {
  readonly #parts: BearerParts;
  readonly #believed = new LRUCache<string, Believed>({ max: 10_000, ttl: BELIEVED_MS });
  /** One caller for each token, so that what is worked out for a caller is worked out once. */
  readonly #limited = new WeakMap<Caller, Map<string, Caller>>();

  constructor(parts: BearerParts) {
    this.#parts = parts;
    parts.callers.onForget(() => this.#believed.clear());
  }

  readonly authenticate: Authenticator = async (request): Promise<Authentication | undefined> => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined) return undefined;
    const { sessions } = this.#parts;
    // A token that someone chose for the configuration may look like a JWT too.
    if (!isPersonalToken(token) && (!looksLikeJwt(token) || sessions.isBootstrap(token)))
      return { caller: await sessions.bootstrap(token, request.ip), means: 'bearer' };
    const caller = await this.#callerOf(token, request);
    if (caller === undefined) {
      await sessions.recordFailure(request.ip);
      throw refused();
    }
    return { caller, means: 'bearer' };
  };

  async #callerOf(token: string, request: FastifyRequest): Promise<Caller | undefined> {
    const key = sha256(token).toString('base64');
    let believed = this.#believed.get(key);
    if (believed === undefined || believed.until <= Date.now()) {
      believed = isPersonalToken(token) ? await this.#personal(token) : await this.#jwt(token, request);
      if (believed === undefined) return undefined;
      this.#believed.set(key, believed);
    }
    const caller = await this.#parts.callers.of(believed.person);
    return caller && this.#limit(caller, believed);
  }

  async #personal(token: string): Promise<Believed | undefined> {
    const found = await this.#parts.tokens.use(token);
    if (found === undefined) this.#refuse('unknown or expired access token');
    if (found === undefined) return undefined;
    const until = found.expiresAt.getTime();
    return { person: found.person, scopes: found.scopes, until, expiresAt: until };
  }

  async #jwt(token: string, request: FastifyRequest): Promise<Believed | undefined> {
    const verified = await verifyAccessToken(this.#parts.party, token, (reason) => {
      this.#refuse(reason, { alg: claimedAlgorithm(token), ip: request.ip });
    });
    if (verified === undefined) return undefined;
    const person = await admit(this.#parts.admit, verified, null);
    return { person, scopes: verified.scopes, until: verified.expiresAt * 1000 };
  }

  #refuse(reason: string, more: object = {}): void {
    this.#parts.log.warn({ reason, ...more }, 'a bearer token was refused');
  }

  #limit(caller: Caller, { scopes, expiresAt }: Believed): Caller {
    if (scopes === undefined) return caller;
    let known = this.#limited.get(caller);
    if (known === undefined) {
      known = new Map();
      this.#limited.set(caller, known);
    }
    const key = `${expiresAt} ${scopes.join(' ')}`;
    let limited = known.get(key);
    if (limited === undefined) {
      limited = makeCaller({ ...caller, scopes, ...(expiresAt !== undefined && { expiresAt }) });
      known.set(key, limited);
    }
    return limited;
  }
}

const refused = (): Problem =>
  new Problem('invalid-credentials').withHeader('www-authenticate', 'Bearer error="invalid_token"');
