import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../../platform/database/database.ts';
import { type Addresses, Problem } from '../../../platform/http/index.ts';
import type { Log } from '../../../platform/log.ts';
import { newSecret } from '../../../platform/secret.ts';
import { sessionCookie, signInCookie } from '../cookie.ts';
import type { Sessions } from '../sessions.ts';
import { type AdmitParts, admit } from './admit.ts';
import { verifyLogoutToken } from './logout-token.ts';
import type { RelyingParty } from './relying-party.ts';
import { safeReturnTo } from './return-to.ts';
import { insertSignIn, takeSignIn } from './sign-in-store.ts';

/** A provider's page may be left open for so long. */
const COOKIE_SECONDS = 1800;

export interface SignInParts {
  readonly database: Database;
  readonly sessions: Sessions;
  readonly party: RelyingParty;
  readonly admit: AdmitParts;
  readonly addresses: Addresses;
  readonly log: Log;
}

const config = { action: 'session.create' } as const;
const schema = { hide: true };

/** Signing in with the identity provider, whichever it is, and being signed out by it. */
export function signInRoutes(app: FastifyInstance, parts: SignInParts): void {
  app.get('/api/session/start', { exposeHeadRoute: false, config, schema }, (request, reply) => {
    const { return_to } = request.query as { return_to?: unknown };
    return startSignIn(parts, request, reply, safeReturnTo(return_to));
  });
  app.get('/api/session/callback', { exposeHeadRoute: false, config, schema }, (request, reply) =>
    finishSignIn(parts, request, reply),
  );
  app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    scope.post('/api/session/backchannel-logout', { config, schema }, async (request, reply) => {
      const { logout_token: token } = (request.body ?? {}) as { logout_token?: unknown };
      if (typeof token !== 'string') throw new Problem('malformed-request', { reason: 'There is no logout token.' });
      const { issuer, which } = await verifyLogoutToken(parts.party, parts.database, token);
      const people = await parts.sessions.endOfProvider(issuer, which);
      parts.log.info({ people }, 'the identity provider ended sessions');
      return reply.code(200).send();
    });
  });
}

/** Sends the browser to the provider. */
async function startSignIn(
  parts: Pick<SignInParts, 'party' | 'database' | 'addresses'>,
  request: FastifyRequest,
  reply: FastifyReply,
  returnTo: string,
): Promise<FastifyReply> {
  const origin = parts.addresses.of(request);
  if (origin !== `${request.protocol}://${request.host}`) {
    // Cookies of this address would not come along: begin at the one that the provider sends people back to.
    return reply.redirect(`${origin}/api/session/start?return_to=${encodeURIComponent(returnTo)}`, 303);
  }
  const to = await beginSignIn(parts, request, reply, returnTo, null);
  return reply.redirect(to.href, 303);
}

/**
 * Begins a sign-in for the browser of the request, which must go on to the address that is answered.
 *
 * @param linkId the invitation that it accepts.
 */
export async function beginSignIn(
  { party, database, addresses }: Pick<SignInParts, 'party' | 'database' | 'addresses'>,
  request: FastifyRequest,
  reply: FastifyReply,
  returnTo: string,
  linkId: string | null,
): Promise<URL> {
  const { to, signIn } = await party.begin(addresses.of(request), returnTo, linkId);
  const key = newSecret();
  await insertSignIn(database.db, key, signIn);
  signInCookie.set(request, reply, key, COOKIE_SECONDS);
  return to;
}

/** What went wrong is told by a page of ours, since the browser itself came here. */
async function finishSignIn(parts: SignInParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const key = signInCookie.read(request);
  const signIn = key === undefined ? undefined : await takeSignIn(parts.database.db, key);
  signInCookie.clear(request, reply);
  try {
    if (signIn === undefined) throw new Problem('sign-in-expired');
    const identified = await parts.party.finish(new URL(request.url, 'http://isocenter.invalid'), signIn);
    const person = await admit(parts.admit, identified, signIn.linkId);
    const { issuer, subject, sid, idToken } = identified;
    const provider = { issuer, subject, idToken, ...(sid !== undefined && { sid }) };
    const session = await parts.sessions.beginFor(person, provider, request);
    sessionCookie.set(request, reply, session.key, parts.sessions.seconds);
    parts.log.info({ person }, 'someone signed in');
    return reply.redirect(signIn.returnTo, 303);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    parts.log.warn({ code: error.code }, 'a sign-in was refused');
    return reply.redirect(`/sign-in?problem=${error.code}`, 303);
  }
}
