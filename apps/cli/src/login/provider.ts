import * as oidc from 'openid-client';
import type { SavedLogin } from './saved-logins.ts';

const TIMEOUT_SECONDS = 30;

/** The identity provider of a server, with the client of this program. */
export function discoverProvider(issuer: string, clientId: string): Promise<oidc.Configuration> {
  const { protocol, hostname } = new URL(issuer);
  const local = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
    timeout: TIMEOUT_SECONDS,
    // Over a network, whoever listens would have the tokens.
    ...(local && { execute: [oidc.allowInsecureRequests] }),
  });
}

/** What is kept of an answer with tokens. */
export function loginOf(
  issuer: string,
  clientId: string,
  answer: oidc.TokenEndpointResponse,
  before?: SavedLogin,
): SavedLogin {
  const refreshToken = answer.refresh_token ?? before?.refreshToken;
  return {
    issuer,
    clientId,
    accessToken: answer.access_token,
    expiresAt: Date.now() + (answer.expires_in ?? 60) * 1000,
    ...(refreshToken !== undefined && { refreshToken }),
  };
}
