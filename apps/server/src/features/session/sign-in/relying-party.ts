import type { DatasetGrant } from '@isocenter/contract';
import { createRemoteJWKSet, type JWTVerifyGetKey, customFetch as joseFetch } from 'jose';
import * as oidc from 'openid-client';
import { Problem } from '../../../platform/http/index.ts';
import type { Log } from '../../../platform/log.ts';
import { newSecret } from '../../../platform/secret.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { SignInUnderWay } from './sign-in-store.ts';
import { PASSPORT_CLAIM, type Visas } from './visas.ts';

/** What the provider says about itself is asked for anew after so long. */
const KNOWN_MS = 3_600_000;
/** A key that isn't known is looked for at most so often. */
const KEY_COOLDOWN_MS = 1_000;
const TIMEOUT_SECONDS = 15;

/** Who someone is, as a provider says. */
export interface Identified {
  readonly issuer: string;
  readonly subject: string;
  readonly sid?: string;
  readonly idToken: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Of its visas; absent where none are asked for. */
  readonly grants?: readonly DatasetGrant[];
}

/** This server as a client of an OpenID provider: authorization code with PKCE, state and nonce; logout both ways. */
export class RelyingParty {
  readonly provider: IdentityProvider;
  readonly #visas: Visas;
  readonly #log: Log;
  #known:
    | { readonly configuration: Promise<oidc.Configuration>; readonly at: number; readonly issuer: string }
    | undefined;
  #keys: { readonly get: JWTVerifyGetKey; readonly address: string } | undefined;

  constructor(provider: IdentityProvider, visas: Visas, log: Log) {
    this.provider = provider;
    this.#visas = visas;
    this.#log = log;
  }

  /** Where the browser goes to say who is there, and what its answer has to match. */
  async begin(origin: string, returnTo: string, linkId: string | null): Promise<{ to: URL; signIn: SignInUnderWay }> {
    const configuration = await this.#configuration();
    const signIn: SignInUnderWay = {
      state: newSecret(),
      nonce: newSecret(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
      returnTo,
      redirectUri: `${origin}/api/session/callback`,
      linkId,
    };
    const to = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: signIn.redirectUri,
      scope: this.provider.scope,
      state: signIn.state,
      nonce: signIn.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(signIn.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { to: this.provider.at(to, origin), signIn };
  }

  /** Redeems the provider's answer. Throws a Problem for one that doesn't match, was used before, or says no. */
  async finish(answer: URL, signIn: SignInUnderWay): Promise<Identified> {
    const configuration = await this.#configuration();
    const current = new URL(signIn.redirectUri);
    current.search = answer.search;
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, current, {
        pkceCodeVerifier: signIn.codeVerifier,
        expectedState: signIn.state,
        expectedNonce: signIn.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || tokens.id_token === undefined)
        throw new Problem('sign-in-failed', { reason: 'no ID token' });
      const { iss, sub, sid } = claims;
      const passport = await this.#passport(configuration, tokens.access_token, sub, claims);
      return {
        issuer: iss,
        subject: sub,
        ...(typeof sid === 'string' && { sid }),
        idToken: tokens.id_token,
        claims,
        ...(passport && { grants: await this.#visas.grantsIn(passport) }),
      };
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw this.#failed(error);
    }
  }

  /** Where the browser goes to end the provider's session as well; undefined for a provider that can't. */
  async endSessionAddress(idToken: string, origin: string): Promise<URL | undefined> {
    const configuration = await this.#configuration();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    const to = oidc.buildEndSessionUrl(configuration, {
      id_token_hint: idToken,
      post_logout_redirect_uri: `${origin}/`,
    });
    return this.provider.at(to, origin);
  }

  /** The issuer as it names itself. */
  async issuer(): Promise<string> {
    return (await this.#configuration()).serverMetadata().issuer;
  }

  /** The provider's keys; one that isn't known is looked for. */
  async keys(): Promise<JWTVerifyGetKey> {
    const { jwks_uri: address } = (await this.#configuration()).serverMetadata();
    if (address === undefined) throw new Problem('provider-away');
    if (this.#keys?.address !== address) {
      const get = createRemoteJWKSet(new URL(address), {
        cooldownDuration: KEY_COOLDOWN_MS,
        timeoutDuration: TIMEOUT_SECONDS * 1000,
        [joseFetch]: this.provider.fetch,
      });
      this.#keys = { get, address };
    }
    return this.#keys.get;
  }

  /** The claims that hold someone's passport: those of the ID token, else what the provider says when asked for them. */
  async #passport(
    configuration: oidc.Configuration,
    accessToken: string,
    subject: string,
    claims: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    if (!this.#visas.wanted) return undefined;
    if (Object.hasOwn(claims, PASSPORT_CLAIM)) return claims;
    return oidc.fetchUserInfo(configuration, accessToken, subject);
  }

  #configuration(): Promise<oidc.Configuration> {
    const { issuer } = this.provider;
    const now = performance.now();
    if (this.#known !== undefined && this.#known.issuer === issuer && now - this.#known.at < KNOWN_MS)
      return this.#known.configuration;
    const configuration = this.#discover(issuer);
    this.#known = { configuration, at: now, issuer };
    configuration.catch(() => {
      this.#known = undefined;
    });
    return configuration;
  }

  async #discover(issuer: string): Promise<oidc.Configuration> {
    const { clientId, fetch } = this.provider;
    const insecure = issuer.startsWith('http:') ? { execute: [oidc.allowInsecureRequests] } : {};
    try {
      const secret = await this.provider.clientSecret();
      return await oidc.discovery(new URL(issuer), clientId, {}, oidc.ClientSecretBasic(secret), {
        [oidc.customFetch]: fetch as oidc.CustomFetch,
        timeout: TIMEOUT_SECONDS,
        ...insecure,
      });
    } catch (error) {
      this.#log.error({ err: error, issuer }, 'the identity provider does not answer as it should');
      throw new Problem('provider-away');
    }
  }

  /** The provider's words are for the log; people are told which step it was. */
  #failed(error: unknown): Problem {
    const { code, error: answered } = error as { code?: string; error?: string };
    this.#log.warn({ code, answered }, 'a sign-in at the identity provider failed');
    if (answered === 'access_denied') return new Problem('sign-in-failed', { reason: 'it was cancelled there' });
    const reason =
      code === undefined ? 'its answer could not be verified' : `its answer could not be verified (${code})`;
    return new Problem('sign-in-failed', { reason });
  }
}
