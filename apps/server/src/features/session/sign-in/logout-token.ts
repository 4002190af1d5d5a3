import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Database } from '../../../platform/database/database.ts';
import { Problem } from '../../../platform/http/index.ts';
import type { RelyingParty } from './relying-party.ts';
import { useToken } from './sign-in-store.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];

const LogoutClaims = z
  .looseObject({
    iss: z.string(),
    jti: z.string(),
    exp: z.number().optional(),
    iat: z.number(),
    sub: z.string().optional(),
    sid: z.string().optional(),
    events: z.looseObject({ [EVENT]: z.looseObject({}) }),
  })
  // With one it is an ID token, which somebody else may have been given.
  .refine((claims) => !Object.hasOwn(claims, 'nonce'));

/** Older ones are not looked at: what they could end has ended. */
const AGE_SECONDS = 300;

export interface LoggedOut {
  readonly issuer: string;
  readonly which: { readonly sid: string } | { readonly subject: string };
}

/** Verifies a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6). Each is accepted once. */
export async function verifyLogoutToken(party: RelyingParty, database: Database, token: string): Promise<LoggedOut> {
  const claims = await verified(party, token);
  const { iss, jti, iat, sid, sub } = claims;
  if (!(await useToken(database.db, `logout ${iss} ${jti}`, iat + AGE_SECONDS))) throw refused('it was used before');
  if (sid !== undefined) return { issuer: iss, which: { sid } };
  if (sub !== undefined) return { issuer: iss, which: { subject: sub } };
  throw refused('it names nobody');
}

async function verified(party: RelyingParty, token: string): Promise<z.output<typeof LogoutClaims>> {
  try {
    const { payload } = await jwtVerify(token, await party.keys(), {
      algorithms: ALGORITHMS,
      issuer: await party.issuer(),
      audience: party.provider.clientId,
      maxTokenAge: AGE_SECONDS,
      clockTolerance: 10,
    });
    const claims = LogoutClaims.safeParse(payload);
    if (!claims.success) throw refused('it is no logout token');
    return claims.data;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refused(error.code);
    throw error;
  }
}

const refused = (reason: string): Problem =>
  new Problem('malformed-request', { reason: `The logout token is not accepted: ${reason}.` });
