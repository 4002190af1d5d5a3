import { TOKEN_SCOPES, type TokenScope } from '@isocenter/contract';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { RelyingParty } from '../sign-in/relying-party.ts';

/** Signatures by public keys only: with a shared secret, whoever verifies could also sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_SECONDS = 10;

/** An access token that was verified. */
export interface VerifiedToken {
  readonly issuer: string;
  readonly subject: string;
  /** Ours among its scopes; undefined when it names none of ours, which limits nothing. */
  readonly scopes: readonly TokenScope[] | undefined;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly claims: JWTPayload;
}

export const looksLikeJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);

/**
 * Verifies a JWT access token (RFC 9068) of the provider: signature, algorithm, issuer, audience, times, and that it is an
 * access token and nothing else that the provider signs.
 *
 * @returns undefined for one that isn't valid, with the reason to `onRefused`.
 */
export async function verifyAccessToken(
  party: RelyingParty,
  token: string,
  onRefused: (reason: string) => void,
): Promise<VerifiedToken | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, await party.keys(), {
      algorithms: ALGORITHMS,
      issuer: await party.issuer(),
      audience: party.provider.audience,
      requiredClaims: ['sub', 'exp', 'iat'],
      clockTolerance: CLOCK_SECONDS,
    });
    if (!isAccessToken(payload, protectedHeader.typ)) {
      onRefused('it is no access token');
      return undefined;
    }
    const { iss = '', sub = '', exp = 0 } = payload;
    return { issuer: iss, subject: sub, scopes: scopesOf(payload), expiresAt: exp, claims: payload };
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    onRefused(error.code);
    return undefined;
  }
}

/** An ID token or a logout token is signed with the same keys. RFC 9068 says `at+jwt`; Keycloak says it in the payload. */
function isAccessToken(payload: JWTPayload, type: string | undefined): boolean {
  if (type !== undefined && /^(application\/)?at\+jwt$/i.test(type)) return true;
  if (type !== undefined && !/^JWT$/i.test(type)) return false;
  if ('nonce' in payload || 'at_hash' in payload || 'c_hash' in payload || 'events' in payload) return false;
  return payload.typ === 'Bearer';
}

function scopesOf({ scope, scp }: JWTPayload): TokenScope[] | undefined {
  const names = [scope, scp].flat().flatMap((each) => (typeof each === 'string' ? each.split(' ') : []));
  const ours = TOKEN_SCOPES.filter((each) => names.includes(each));
  return ours.length > 0 ? ours : undefined;
}

/** For the log of a refused token: what it says of itself, none of which is believed. */
export function claimedAlgorithm(token: string): string {
  try {
    return String(decodeProtectedHeader(token).alg).slice(0, 20);
  } catch {
    return 'unreadable';
  }
}
