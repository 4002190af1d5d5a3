import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../../platform/log.ts';
import { Visas } from './visas.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
let broker: Server;
let issuer: string;

beforeAll(async () => {
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }];
  broker = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/jwks' ? { keys } : { issuer, jwks_uri: `${issuer}/jwks` }));
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(broker.address() as AddressInfo).port}`;
});
afterAll(() => broker.close());

const now = (): number => Math.floor(Date.now() / 1000);
const dataset = 'https://repository.example.org/datasets/17';
const until = now() + 3600;

interface Change {
  readonly visa?: object;
  readonly claims?: object;
  readonly header?: object;
  readonly key?: typeof privateKey;
}

const visa = ({ visa: details = {}, claims = {}, header = {}, key = privateKey }: Change = {}): Promise<string> =>
  new SignJWT({
    iss: issuer,
    sub: 'someone',
    iat: now(),
    exp: until,
    ga4gh_visa_v1: {
      type: 'ControlledAccessGrants',
      asserted: now() - 60,
      value: dataset,
      source: 'https://committee.example.org',
      ...details,
    },
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'one', typ: 'vnd.ga4gh.visa+jwt', ...header })
    .sign(key);

const grantsOf = (...passport: unknown[]) => new Visas([issuer], silentLog()).grantsIn({ ga4gh_passport_v1: passport });

test('[IAM-6] a visa of a trusted broker grants its dataset until it ends', async () => {
  expect(await grantsOf(await visa())).toEqual([{ dataset, until }]);
  const other = await visa({ visa: { value: 'https://a.example.org/b' }, claims: { exp: until + 60 } });
  expect(await grantsOf(await visa(), other, await visa({ claims: { exp: until - 60 } }))).toEqual([
    { dataset: 'https://a.example.org/b', until: until + 60 },
    { dataset, until },
  ]);
});

test('[IAM-6] visas that are not to be believed grant nothing, and take nothing from the others', async () => {
  const forger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const cases: Record<string, unknown> = {
    'of a broker that is not trusted': await visa({ claims: { iss: 'https://evil.example' } }),
    'signed by another': await visa({ key: forger }),
    'that says where other keys are': await visa({ key: forger, header: { jku: 'https://evil.example/jwks' } }),
    'that has expired': await visa({ claims: { exp: now() - 60 } }),
    'of nobody': await visa({ claims: { sub: undefined } }),
    'with conditions': await visa({ visa: { conditions: [[{ type: 'AffiliationAndRole', value: 'const:x' }]] } }),
    'that is asserted tomorrow': await visa({ visa: { asserted: now() + 86_400 } }),
    'of another type': await visa({ visa: { type: 'ResearcherStatus' } }),
    'without a source': await visa({ visa: { source: undefined } }),
    'that is no JWT': 'visa',
    'that is no text': { visa: true },
  };
  for (const [name, each] of Object.entries(cases)) expect([name, await grantsOf(each)]).toEqual([name, []]);
  expect(await grantsOf(...Object.values(cases), await visa())).toEqual([{ dataset, until }]);
  expect(await new Visas([issuer], silentLog()).grantsIn({ ga4gh_passport_v1: 'none' })).toEqual([]);
  expect(await new Visas([], silentLog()).grantsIn({ ga4gh_passport_v1: [await visa()] })).toEqual([]);
});
