import type { FastifyInstance } from 'fastify';
import type { OidcConfig, RoleMapping } from '../../../platform/config.ts';
import { type Addresses, inProcessFetch } from '../../../platform/http/index.ts';
import { CLI_CLIENT, type EmbeddedProvider, WEB_CLIENT } from '../../provider/index.ts';

/** Whom people sign in with. What is done with it is the same whichever it is. */
export interface IdentityProvider {
  readonly kind: 'embedded' | 'external';
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  clientSecret(): Promise<string>;
  readonly scope: string;
  /** Whom an access token must be meant for. */
  readonly audience: string;
  /** The public client of `isocenter login`. */
  readonly cliClientId: string | undefined;
  readonly fetch: typeof fetch;
  /** The provider's address as the browser reaches it that came by `origin`. */
  readonly at: (address: URL, origin: string) => URL;
  readonly roles: { readonly claim: string; readonly map: readonly RoleMapping[] };
}

export function externalProvider(oidc: OidcConfig): IdentityProvider {
  return {
    kind: 'external',
    name: oidc.name,
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    clientSecret: async () => oidc.clientSecret,
    scope: oidc.scope,
    audience: oidc.audience,
    cliClientId: oidc.cliClientId,
    fetch,
    at: (address) => address,
    roles: { claim: oidc.roleClaim, map: oidc.roleMap },
  };
}

/** @param app is asked for when it is needed: the provider is served by it. */
export function embeddedProvider(
  embedded: EmbeddedProvider,
  addresses: Addresses,
  app: () => FastifyInstance,
): IdentityProvider {
  return {
    kind: 'embedded',
    name: 'Isocenter',
    get issuer() {
      return embedded.issuer;
    },
    clientId: WEB_CLIENT,
    clientSecret: () => embedded.clientSecret(),
    scope: 'openid profile email',
    get audience() {
      return embedded.audience;
    },
    cliClientId: CLI_CLIENT,
    fetch: inProcessFetch(app) as typeof fetch,
    at: (address, origin) => new URL(address.href.replace(addresses.base, origin)),
    roles: { claim: 'groups', map: [] },
  };
}
