import type { SignInOffer } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { type AccountParts, accountRoutes, FailedAttempts, secondFactorDuty } from './features/accounts/index.ts';
import {
  Areas,
  Callers,
  deleteExpiredLinks,
  directoryRoutes,
  myPlaces,
  selectDemoPeople,
} from './features/directory/index.ts';
import { deleteExpiredJoinTokens, nodeAuthenticator, nodeRoutes } from './features/nodes/index.ts';
import { EmbeddedProvider, interactionRoutes, providerRoutes, rotateKeysJob } from './features/provider/index.ts';
import {
  firstAdministratorLink,
  mailJob,
  type RegistrationParts,
  registrationRoutes,
} from './features/registration/index.ts';
import {
  type AdmitParts,
  Bearer,
  deleteExpiredSignIns,
  demoSignInRoutes,
  embeddedProvider,
  externalProvider,
  RelyingParty,
  Sessions,
  type SignInParts,
  sessionRoutes,
  signInRoutes,
  Visas,
} from './features/session/index.ts';
import { termsDuty, termsRoutes } from './features/terms/index.ts';
import { PersonalTokens, tokenRoutes } from './features/tokens/index.ts';
import { Addresses, type Authenticator } from './platform/http/index.ts';
import type { AnyJobDefinition } from './platform/jobs/index.ts';
import { Mailer } from './platform/mail/index.ts';
import type { Services } from './platform/services.ts';
import { actorOf } from './platform/tracer/index.ts';

/** How callers are known, what they may, and everything that serves this. */
export interface Identity {
  readonly areas: Areas;
  readonly authenticators: readonly Authenticator[];
  /** Forget what is over, by name. */
  readonly pruners: Readonly<Record<string, () => Promise<number>>>;
  readonly jobs: readonly AnyJobDefinition[];
  /** Where the first administrator makes their account; undefined once there is one. Asked once the server listens. */
  administratorLink(): Promise<string | undefined>;
  routes(app: FastifyInstance): void;
}

export interface IdentityOptions {
  readonly bootstrapToken: string;
  /** See {@link demoSignInRoutes}. */
  readonly demo: boolean;
}

/** @param app is asked for when it is needed: the embedded provider is served by it. */
export async function composeIdentity(
  services: Services,
  { bootstrapToken, demo }: IdentityOptions,
  app: () => FastifyInstance,
): Promise<Identity> {
  const { config, database, jobs, listener, log, notifications, tracer } = services;
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
  const party = new RelyingParty(provider, new Visas(config.visaBrokers, log), log);
  callers.addDuty(termsDuty(database));
  callers.addDuty(secondFactorDuty(database, config.oidc ? 'none' : config.secondFactor));

  const onWaiting: AdmitParts['onWaiting'] = async (tx, personId, name) => {
    await notifications.notify({ role: 'administrator' }, 'person.waiting', { personId, name }, tx);
  };
  const admit: AdmitParts = { database, provider, callers, log, tracer, onWaiting };
  const bearer = new Bearer({ sessions, callers, tokens, party, admit, log });
  const onFailed = (address: string): Promise<unknown> => sessions.recordFailure(address);
  const check = { database, attempts, log, onFailed, now: Date.now };
  const account: AccountParts = {
    ...check,
    tracer,
    local: embedded !== undefined,
    endOthers: async (person, tx, request) => {
      await sessions.endAll(person, actorOf(request.caller), tx, request);
      await embedded?.endFor(person, tx);
    },
  };
  const mailer = config.mail && new Mailer(config.mail);
  const registration: RegistrationParts = {
    config,
    database,
    tracer,
    log,
    jobs,
    addresses,
    attempts,
    party,
    onWaiting,
    ...(mailer && { mailer }),
    endSessions: async (person, actor, tx) => {
      await sessions.endAll(person, actor, tx);
      await embedded?.endFor(person, tx);
    },
  };
  const signIn: SignInParts = { database, sessions, party, admit, addresses, log };
  const offer = async (): Promise<Omit<SignInOffer, 'provider' | 'providerName' | 'programs'>> => ({
    registration: config.registration === 'open' && !config.oidc,
    mail: config.mail !== undefined,
    demo: demo ? await selectDemoPeople(database.db) : [],
  });

  return {
    areas,
    authenticators: [nodeAuthenticator(database, addresses, log), bearer.authenticate, sessions.cookie],
    jobs: [
      ...(embedded ? [rotateKeysJob(embedded) as AnyJobDefinition] : []),
      ...(mailer ? [mailJob({ database, addresses, mailer }) as AnyJobDefinition] : []),
    ],
    administratorLink: () => firstAdministratorLink({ database }, addresses),
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
      if (demo) demoSignInRoutes(served, { database, sessions });
      accountRoutes(served, account);
      registrationRoutes(served, registration);
      termsRoutes(served, services);
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
