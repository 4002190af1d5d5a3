import { type Action, type CallerId, type Rights, type Role, rolesOf } from '@isocenter/contract';
import type { FastifyRequest } from 'fastify';

/** Whoever sent a request, and what they may touch. */
export interface Caller extends Rights {
  readonly id: CallerId;
  readonly name: string;
  /** A person, the token of the configuration, or another node. */
  readonly kind: 'person' | 'token' | 'node';
  /** The public key of a node. */
  readonly key?: string;
  /** When the personal access token ends that was shown (ms since 1970). */
  readonly expiresAt?: number;
  /** Those that they have anywhere. */
  readonly roles: readonly Role[];
}

export const makeCaller = (caller: Omit<Caller, 'roles'>): Caller => ({ ...caller, roles: rolesOf(caller) });

export interface Authentication {
  readonly caller: Caller;
  /** A browser sends cookies by itself, so a change made with one needs proof of where it comes from. */
  readonly means: 'bearer' | 'cookie';
}

/**
 * One way of knowing the caller. Answers undefined when the request carries no credentials of its kind, and throws a
 * Problem when it carries wrong ones.
 */
export type Authenticator = (request: FastifyRequest) => Promise<Authentication | undefined>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The right that the route needs; a route without one keeps the server from starting. */
    action?: Action;
  }
  interface FastifyRequest {
    /** Undefined before authentication and on public routes. */
    knownCaller: Caller | undefined;
    /** The caller of a route that is not public. */
    readonly caller: Caller;
  }
}
