import type { DatasetGrant } from '@isocenter/contract';
import { createRemoteJWKSet, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Log } from '../../../platform/log.ts';

/** The claim of a GA4GH Passport (Passport specification 1.2). */
export const PASSPORT_CLAIM = 'ga4gh_passport_v1';

/** The algorithms that the AAI profile of GA4GH names. */
const ALGORITHMS = ['RS256', 'ES256'];
const TIMEOUT_MS = 10_000;
/** More than anyone has; each costs a signature. */
const MOST = 200;

/** A visa that grants the use of a dataset. `conditions` would have to be checked against other visas: see below. */
const ControlledAccess = z.looseObject({
  iss: z.string(),
  exp: z.number(),
  ga4gh_visa_v1: z.looseObject({
    type: z.literal('ControlledAccessGrants'),
    asserted: z.number(),
    value: z.string().min(1).max(1000),
    source: z.string().min(1),
  }),
});

/** GA4GH visas of the issuers that are trusted by configuration, made into grants of datasets. */
export class Visas {
  readonly #brokers: readonly string[];
  readonly #log: Log;
  readonly #keys = new Map<string, Promise<JWTVerifyGetKey>>();

  /** @param brokers issuers that are believed, as they name themselves. */
  constructor(brokers: readonly string[], log: Log) {
    this.#brokers = brokers;
    this.#log = log;
  }

  /** Whether any are believed, and a passport is worth asking for. */
  get wanted(): boolean {
    return this.#brokers.length > 0;
  }

  /** What the visas of a passport grant. One that can't be verified grants nothing, and the others stay. */
  async grantsIn(claims: Readonly<Record<string, unknown>>): Promise<DatasetGrant[]> {
    const passport: unknown = claims[PASSPORT_CLAIM];
    if (!Array.isArray(passport)) return [];
    const visas = passport.filter((each): each is string => typeof each === 'string').slice(0, MOST);
    const granted = await Promise.all(visas.map((visa) => this.#grantOf(visa)));
    const latest = new Map<string, number>();
    for (const grant of granted) {
      if (grant) latest.set(grant.dataset, Math.max(grant.until, latest.get(grant.dataset) ?? 0));
    }
    return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([dataset, until]) => ({ dataset, until }));
  }

  async #grantOf(visa: string): Promise<DatasetGrant | undefined> {
    try {
      const { iss = '' } = decodeJwt(visa);
      if (!this.#brokers.includes(iss)) return this.#refuse('its issuer is not trusted');
      const { payload } = await jwtVerify(visa, await this.#keysOf(iss), {
        algorithms: ALGORITHMS,
        issuer: iss,
        requiredClaims: ['sub', 'exp', 'iat'],
        clockTolerance: 10,
      });
      const { success, data } = ControlledAccess.safeParse(payload);
      if (!success) return undefined;
      const { asserted, value, ...details } = data.ga4gh_visa_v1;
      // The specification has a visa count for nothing whose conditions are not understood.
      if (details.conditions !== undefined) return this.#refuse('it has conditions');
      if (asserted > Date.now() / 1000 + 10) return this.#refuse('it is asserted in the future');
      return { dataset: value, until: data.exp };
    } catch (error) {
      return this.#refuse(error instanceof errors.JOSEError ? error.code : 'its issuer does not answer');
    }
  }

  /** Its issuer's own, wherever a visa says that its keys are. */
  #keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    let known = this.#keys.get(issuer);
    if (known === undefined) {
      known = discoverKeys(issuer);
      this.#keys.set(issuer, known);
      known.catch(() => this.#keys.delete(issuer));
    }
    return known;
  }

  #refuse(reason: string): undefined {
    this.#log.warn({ reason }, 'a visa was not accepted');
    return undefined;
  }
}

const Discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${issuer} answers ${answer.status}`);
  const found = Discovery.parse(await answer.json());
  if (found.issuer !== issuer) throw new Error(`${issuer} calls itself otherwise`);
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: TIMEOUT_MS });
}
