import { TOKEN_SCOPES } from '@isocenter/contract';
import type { JWK } from 'jose';
import {
  type Account,
  type ClientMetadata,
  type Configuration,
  interactionPolicy,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { renderDevicePage, renderProblem, renderSignOut } from './provider-pages.ts';

export interface ProviderSettings {
  /** Under which addresses browsers reach us. */
  readonly origins: readonly string[];
  readonly clientSecret: string;
  readonly cookieKey: string;
  readonly keys: readonly JWK[];
  /** Whom an access token is meant for. */
  readonly audience: string;
  /** Undefined for someone who may not come in. */
  readonly findPerson: (id: string) => Promise<{ id: string; name: string; email: string } | undefined>;
  readonly adapter: Configuration['adapter'];
}

/** This server itself, as the client of its own provider. */
export const WEB_CLIENT = 'isocenter';
/** `isocenter login`. */
export const CLI_CLIENT = 'isocenter-cli';

export const SESSION_COOKIE = 'isocenter_provider';

/**
 * The provider knows who is there for a moment only: it hands over to the session, and a session that ended for want of
 * use must not come back without a password.
 */
const PROVIDER_SESSION_SECONDS = 300;
const ACCESS_TOKEN_SECONDS = 600;
const REFRESH_TOKEN_SECONDS = 30 * 86_400;
const minutes = (count: number): number => count * 60;

export function providerConfiguration(settings: ProviderSettings): Configuration {
  return {
    adapter: settings.adapter,
    clients: clientsOf(settings),
    jwks: { keys: [...settings.keys] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], sid: null, auth_time: null },
    // The client reads the ID token and asks no further.
    conformIdTokenClaims: false,
    findAccount: (_ctx, id) => account(settings, id),
    loadExistingGrant: (ctx) => ownGrant(ctx, settings.audience),
    interactions: { policy: interactions(), url: (_ctx, { uid }) => `/oidc/interaction/${uid}` },
    cookies: {
      names: {
        session: SESSION_COOKIE,
        interaction: 'isocenter_interaction',
        resume: 'isocenter_resume',
      },
      keys: [settings.cookieKey],
      long: { httpOnly: true, sameSite: 'lax', path: '/oidc', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    features: featuresOf(settings),
    pkce: { required: () => true },
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    issueRefreshToken: async (_ctx, client) => client.clientId === CLI_CLIENT,
    clientBasedCORS: () => false,
    renderError: renderProblem,
    routes: {
      authorization: '/auth',
      code_verification: '/device',
      device_authorization: '/device/auth',
      end_session: '/session/end',
      jwks: '/jwks',
      revocation: '/token/revocation',
      token: '/token',
      userinfo: '/userinfo',
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      DeviceCode: minutes(10),
      Grant: REFRESH_TOKEN_SECONDS,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: minutes(30),
      RefreshToken: REFRESH_TOKEN_SECONDS,
      Session: PROVIDER_SESSION_SECONDS,
    },
  };
}

/** Nobody is asked for consent; for the command line they have just confirmed its code. */
function interactions() {
  const policy = interactionPolicy.base();
  policy.get('consent')?.checks.remove('native_client_prompt');
  return policy;
}

function clientsOf({ origins, clientSecret }: ProviderSettings): ClientMetadata[] {
  return [
    {
      client_id: WEB_CLIENT,
      client_name: 'Isocenter',
      client_secret: clientSecret,
      redirect_uris: origins.map((origin) => `${origin}/api/session/callback`),
      post_logout_redirect_uris: origins.map((origin) => `${origin}/`),
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
    {
      client_id: CLI_CLIENT,
      client_name: 'The command line (isocenter login)',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      redirect_uris: [],
      response_types: [],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    },
  ];
}

function featuresOf({ audience }: ProviderSettings): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: renderDevicePage,
      userCodeConfirmSource: (ctx, _form, client, _device, code) => renderDevicePage(ctx, { client, code }),
      successSource: async (ctx) => ctx.redirect('/device?done=yes'),
    },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, client) => (client?.clientId === CLI_CLIENT ? audience : []),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        audience,
        scope: TOKEN_SCOPES.join(' '),
        accessTokenFormat: 'jwt',
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: renderSignOut,
      postLogoutSuccessSource: async (ctx) => ctx.redirect('/'),
    },
    userinfo: { enabled: true },
  };
}

async function account(settings: ProviderSettings, id: string): Promise<Account | undefined> {
  const person = await settings.findPerson(id);
  if (person === undefined) return undefined;
  const { name, email } = person;
  return { accountId: id, claims: async () => ({ sub: id, name, email, email_verified: true }) };
}

/** Both clients are our own, so nobody is asked whether they may know who is there. */
async function ownGrant(ctx: KoaContextWithOIDC, audience: string) {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  const found = known === undefined ? undefined : await provider.Grant.find(known);
  if (found !== undefined) return found;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile email offline_access');
  grant.addResourceScope(audience, TOKEN_SCOPES.join(' '));
  await grant.save();
  return grant;
}
