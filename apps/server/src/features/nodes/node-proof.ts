import { errors, importJWK, type JWTPayload, jwtVerify } from 'jose';

/** A proof is for now: nodes keep their clocks to within a minute. */
const MOST_SECONDS = 300;
const CLOCK_SECONDS = 60;

/** The public key as a JWK (RFC 8037). */
const keyOf = (publicKey: string) => importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey }, 'EdDSA');

export interface ProofWanted {
  readonly publicKey: string;
  readonly audience: string;
  /** `typ` of the header: what the signature is for. */
  readonly type: string;
}

/** Verifies a short-lived JWT that a node signed with its own key; undefined when it isn't valid. */
export async function verifyNodeProof(proof: string, wanted: ProofWanted): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(proof, await keyOf(wanted.publicKey), {
      algorithms: ['EdDSA', 'Ed25519'],
      audience: wanted.audience,
      typ: wanted.type,
      requiredClaims: ['exp', 'iat', 'jti'],
      maxTokenAge: MOST_SECONDS,
      clockTolerance: CLOCK_SECONDS,
    });
    const { exp = 0, iat = 0 } = payload;
    return exp - iat <= MOST_SECONDS ? payload : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException)
      return undefined;
    throw error;
  }
}
