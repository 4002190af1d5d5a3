import type { SignInOffer } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { type AccountParts, accountRoutes, FailedAttempts, secondFactorDuty } from './features/accounts/index.ts';
import { Areas, Callers, deleteExpiredLinks, directoryRoutes, myPlaces } from './features/directory/index.ts';
import { deleteExpiredJoinTokens, nodeAuthenticator, nodeRoutes } from './features/nodes/index.ts';
import { EmbeddedProvider, interactionRoutes, providerRoutes, rotateKeysJob } from './features/provider/index.ts';
import {
  type AdmitParts,
  Bearer,
  deleteExpiredSignIns,
  embeddedProvider,
  externalProvider,
  RelyingParty,
  Sessions,
  type SignInParts,
  sessionRoutes,
  signInRoutes,
} from './features/session/index.ts';
import { PersonalTokens, tokenRoutes } from './features/tokens/index.ts';
import { Addresses, type Authenticator } from './platform/http/index.ts';
import type { JobDefinition } from './platform/jobs/index.ts';
import type { Services } from './platform/services.ts';
import { actorOf } from './platform/tracer/index.ts';

/** How callers are known, what they may, and everything that serves this. */
export interface Identity {
  readonly areas: Areas;
  readonly authenticators: readonly Authenticator[];
  /** Forget what is over, by name. */
  readonly pruners: Readonly<Record<string, () => Promise<number>>>;
  readonly jobs: readonly JobDefinition<Record<string, never>>[];
  routes(app: FastifyInstance): void;
}

/** @param app is asked for when it is needed: the embedded provider is served by it. */
export async function composeIdentity(
  services: Services,
  bootstrapToken: string,
  app: () => FastifyInstance,
): Promise<Identity> {
  const { config, database, listener, log, tracer } = services;
  const addresses = new Addresses(config, () => app().server.address());
  const areas = await Areas.open(database, listener, config.zones, log);
  const callers = await Callers.open(database, listener);
  const attempts = new FailedAttempts(database.pool);
  const sessions = new Sessions({ ...config, database, tracer, callers, bootstrapToken });
  const tokens = new PersonalTokens(database, tracer);
  const embedded = config.oidc
    ? undefined
    : await EmbeddedProvider.open({ database, listener, addresses, log, tracer });
  const provider = config.oidc ? externalProvider(config.oidc) : embeddedProvider(embedded!, addresses, app);
  const party = new RelyingParty(provider, log);
  callers.addDuty(secondFactorDuty(database, config.oidc ? 'none' : config.secondFactor));

  const admit: AdmitParts = { database, provider, log, tracer, onWaiting: async () => undefined };
  const bearer = new Bearer({ sessions, callers, tokens, party, admit, log });
  const onFailed = (address: string): Promise<unknown> => sessions.recordFailure(address);
  const check = { database, attempts, log, onFailed, now: Date.now };
  const account: AccountParts = {
    ...check,
    tracer,
    endOthers: async (person, tx, request) => {
      await sessions.endAll(person, actorOf(request.caller), tx, request);
      await embedded?.endFor(person, tx);
    },
  };
  const signIn: SignInParts = { database, sessions, party, admit, addresses, log, onSignedIn: async () => undefined };
  const offer = async (): Promise<Omit<SignInOffer, 'provider' | 'providerName' | 'programs'>> => ({
    registration: config.registration === 'open' && !config.oidc,
    mail: config.mail !== undefined,
    demo: [],
  });

  return {
    areas,
    authenticators: [nodeAuthenticator(database, addresses, log), bearer.authenticate, sessions.cookie],
    jobs: embedded ? [rotateKeysJob(embedded)] : [],
    pruners: {
      sessions: () => sessions.prune(),
      attempts: () => attempts.prune(),
      signIns: () => deleteExpiredSignIns(database.db),
      tokens: () => tokens.prune(),
      links: () => deleteExpiredLinks(database.db),
      joinTokens: () => deleteExpiredJoinTokens(database.db),
      ...(embedded && { provider: () => embedded.prune() }),
    },
    routes(served) {
      sessionRoutes(served, {
        database,
        sessions,
        party,
        addresses,
        offer,
        placesOf: (caller) => myPlaces(database, areas, caller),
        endAtProvider: async (person, tx) => embedded?.endFor(person, tx),
      });
      signInRoutes(served, signIn);
      accountRoutes(served, account);
      tokenRoutes(served, tokens);
      directoryRoutes(served, services);
      nodeRoutes(served, { database, addresses, attempts, log, tracer });
      if (embedded) {
        providerRoutes(served, embedded, addresses);
        interactionRoutes(served, embedded, check);
      }
    },
  };
}
