import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oidc from 'openid-client';

/** Someone may look for their password. */
const PATIENCE_MS = 10 * 60_000;

const page = (text: string): string =>
  `<!doctype html><meta charset="utf-8"><title>Isocenter</title><p style="font: 16px system-ui; margin: 3rem">${text}</p>`;

/** Authorization code with PKCE over a port of this machine (RFC 8252), for providers without device flow. */
export async function codeFlow(
  provider: oidc.Configuration,
  scope: string,
  tell: (address: string) => void,
): Promise<oidc.TokenEndpointResponse> {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  try {
    const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
    const verifier = oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const to = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: redirect,
      scope,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const answer = Promise.withResolvers<URL>();
    server.on('request', (request, reply) => {
      const url = new URL(request.url ?? '/', redirect);
      const ours = url.pathname === '/callback' && url.searchParams.get('state') === state;
      reply.writeHead(ours ? 200 : 404, {
        'content-type': 'text/html',
        'cache-control': 'no-store',
        connection: 'close',
      });
      reply.end(page(ours ? 'You can close this page and go back to the command line.' : 'There is nothing here.'));
      if (ours) answer.resolve(url);
    });
    tell(to.href);
    const timer = setTimeout(() => answer.reject(new Error('nobody signed in')), PATIENCE_MS);
    const current = await answer.promise.finally(() => clearTimeout(timer));
    return await oidc.authorizationCodeGrant(provider, current, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
