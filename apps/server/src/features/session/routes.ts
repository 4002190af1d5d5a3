import {
  ACTIONS,
  createSession,
  decide,
  endEverySession,
  endOneSession,
  endSession,
  getMe,
  getSignInOffer,
  listSessions,
  type Me,
  PersonId,
  type SignInOffer,
} from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../platform/database/database.ts';
import { type Addresses, type Caller, endpoint, Problem, requireSameSite } from '../../platform/http/index.ts';
import { actorOf } from '../../platform/tracer/index.ts';
import { type MyPlaces, personOf } from '../directory/index.ts';
import { sessionCookie } from './cookie.ts';
import type { Sessions } from './sessions.ts';
import type { RelyingParty } from './sign-in/relying-party.ts';

export interface SessionParts {
  readonly database: Database;
  readonly sessions: Sessions;
  readonly party: RelyingParty;
  readonly addresses: Addresses;
  /** Where someone has something to do. */
  readonly placesOf: (caller: Caller) => Promise<MyPlaces>;
  readonly offer: () => Promise<Omit<SignInOffer, 'provider' | 'providerName' | 'programs'>>;
  /** Ends what someone has with the embedded provider. */
  readonly endAtProvider: (person: PersonId, db: Database['db']) => Promise<void>;
}

export function sessionRoutes(app: FastifyInstance, parts: SessionParts): void {
  const { sessions, party, addresses } = parts;
  const presentMe = async (caller: Caller): Promise<Me> => ({
    id: caller.id,
    name: caller.name,
    kind: caller.kind,
    roles: [...caller.roles],
    ...(await parts.placesOf(caller)),
    obligations: [...(caller.obligations ?? [])],
    grants: grantsOf(caller),
    actions: ACTIONS.filter((action) => decide(caller, action) === 'allowed'),
  });

  endpoint(app, getMe, (_input, { request }) => presentMe(request.caller));

  endpoint(app, createSession, async ({ body }, { request, reply }) => {
    // Signing someone in as somebody else is also a change that another site could ask for.
    requireSameSite(request);
    const { key, caller } = await sessions.beginByToken(body.token, request);
    sessionCookie.set(request, reply, key, sessions.seconds);
    return presentMe(caller);
  });

  endpoint(app, endSession, async (_input, { request, reply }) => {
    const ended = await sessions.end(request);
    sessionCookie.clear(request, reply);
    if (!ended?.idToken) return { next: null };
    try {
      const next = await party.endSessionAddress(ended.idToken, addresses.of(request));
      return { next: next?.href ?? null };
    } catch (error) {
      // Whoever wants out is out here, whether or not the provider can be told.
      if (!(error instanceof Problem)) throw error;
      return { next: null };
    }
  });

  endpoint(app, getSignInOffer, async () => {
    const { kind, name, issuer, cliClientId, audience } = party.provider;
    const programs = { issuer, clientId: cliClientId ?? null, audience };
    return { provider: kind, providerName: name, programs, ...(await parts.offer()) };
  });

  ownSessionRoutes(app, parts);
}

function grantsOf({ grants = [] }: Caller): Me['grants'] {
  const now = Date.now();
  return grants
    .filter(({ until }) => until * 1000 > now)
    .map(({ dataset, until }) => ({ dataset, until: new Date(until * 1000).toISOString() }));
}

function ownSessionRoutes(app: FastifyInstance, { database, sessions, endAtProvider }: SessionParts): void {
  endpoint(app, listSessions, async (_input, { request }) => ({
    items: request.caller.kind === 'person' ? await sessions.list(PersonId.parse(request.caller.id), request) : [],
  }));
  endpoint(app, endOneSession, ({ params }, { request }) => sessions.endOne(personOf(request.caller), params.id));
  endpoint(app, endEverySession, async (_input, { request, reply }) => {
    const person = personOf(request.caller);
    await database.transaction(async (tx) => {
      await sessions.endAll(person, actorOf(request.caller), tx);
      await endAtProvider(person, tx);
    });
    sessionCookie.clear(request, reply);
  });
}
