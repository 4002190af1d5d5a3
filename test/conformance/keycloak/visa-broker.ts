import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';

/** Someone who issues GA4GH visas. */
export interface VisaBroker {
  readonly issuer: string;
  /** @param until seconds since 1970. */
  visa(dataset: string, until: number): Promise<string>;
  stop(): void;
}

export async function startVisaBroker(): Promise<VisaBroker> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }];
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/jwks' ? { keys } : { issuer, jwks_uri: `${issuer}/jwks` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    visa: (value, until) =>
      new SignJWT({
        ga4gh_visa_v1: {
          type: 'ControlledAccessGrants',
          asserted: Math.floor(Date.now() / 1000),
          value,
          source: 'https://committee.example.org',
        },
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'one', typ: 'vnd.ga4gh.visa+jwt' })
        .setIssuer(issuer)
        .setSubject('someone')
        .setIssuedAt()
        .setExpirationTime(until)
        .sign(privateKey),
    stop: () => server.close(),
  };
}
