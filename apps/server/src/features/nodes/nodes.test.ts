import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { testServer } from '@isocenter/testkit';
import { type JWTPayload, SignJWT } from 'jose';
import { beforeEach, expect, test } from 'vitest';

const server = testServer();

beforeEach(async () => {
  await server.database.pool.query('delete from failed_attempt');
});

interface OtherNode {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

function newNode(): OtherNode {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: String(publicKey.export({ format: 'jwk' }).x) };
}

/** Undefined takes a claim away. */
type Claims = { readonly [K in keyof JWTPayload]?: JWTPayload[K] | undefined };

const seconds = (): number => Math.floor(Date.now() / 1000);
const sign = (node: OtherNode, typ: string, claims: Claims): Promise<string> =>
  new SignJWT({ aud: server.url, iat: seconds(), exp: seconds() + 60, jti: randomUUID(), ...claims } as JWTPayload)
    .setProtectedHeader({ alg: 'EdDSA', typ })
    .sign(node.privateKey);

const send = (path: string, body: unknown): Promise<Response> =>
  fetch(new URL(path, server.url), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

async function joinToken(): Promise<string> {
  const answer = await server.fetch('/api/nodes/join-tokens', {
    method: 'POST',
    body: JSON.stringify({ name: 'North' }),
    headers: { 'content-type': 'application/json' },
  });
  return ((await answer.json()) as { token: string }).token;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

async function join(
  node: OtherNode,
  token: string,
  claims: Claims = {},
  typ = 'isocenter-join+jwt',
): Promise<Response> {
  const proof = await sign(node, typ, { jti: hashOf(token), ...claims });
  return send('/api/nodes/join', { token, publicKey: node.publicKey, proof });
}

async function joined(): Promise<OtherNode & { id: string }> {
  const node = newNode();
  const answer = await join(node, await joinToken());
  expect(answer.status).toBe(201);
  return { ...node, ...((await answer.json()) as { id: string }), publicKey: node.publicKey };
}

async function self(
  node: OtherNode & { id: string },
  claims: Claims = {},
  typ = 'isocenter-node+jwt',
): Promise<number> {
  const proof = await sign(node, typ, { iss: node.id, htm: 'GET', htu: `${server.url}/api/nodes/self`, ...claims });
  return (await callSelf(proof)).status;
}
const callSelf = (proof: string): Promise<Response> =>
  fetch(new URL('/api/nodes/self', server.url), { headers: { authorization: `Node ${proof}` } });

test('[IAM-2] a node joins with a token that works once, shows that it has its key, and learns ours', async () => {
  const token = await joinToken();
  const node = newNode();
  const answer = await join(node, token);
  expect(answer.status).toBe(201);
  expect(await answer.json()).toEqual({ id: expect.any(String), publicKey: expect.stringMatching(/^[\w-]{43}$/) });
  expect((await join(newNode(), token)).status).toBe(401);
  const { items } = (await (await server.fetch('/api/nodes')).json()) as {
    items: { name: string; publicKey: string }[];
  };
  expect(items).toContainEqual(expect.objectContaining({ name: 'North', publicKey: node.publicKey }));
  const { rows } = await server.database.pool.query("select encode(token_hash, 'escape') as text from join_token");
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('[IAM-2] nobody joins with the key of another, an old proof, a proof for another node, or a key that is in use', async () => {
  const other = newNode();
  for (const [what, claims] of Object.entries({
    'another audience': { aud: 'https://other.example' },
    'another token': { jti: hashOf('another') },
    'an old proof': { iat: seconds() - 900, exp: seconds() - 600 },
    'a proof for ever': { exp: seconds() + 86_400 },
  })) {
    expect([what, (await join(newNode(), await joinToken(), claims)).status]).toEqual([what, 401]);
  }
  const token = await joinToken();
  const proof = await sign(newNode(), 'isocenter-join+jwt', { jti: hashOf(token) });
  expect((await send('/api/nodes/join', { token, publicKey: other.publicKey, proof })).status).toBe(401);
  expect((await join(other, token, {}, 'isocenter-node+jwt')).status).toBe(401);
  expect((await join(other, token)).status).toBe(201);
  expect((await join(other, await joinToken())).status).toBe(409);
});

test('[IAM-2] a node signs each request; each is accepted once, and for what it was made', async () => {
  const node = await joined();
  const proof = await sign(node, 'isocenter-node+jwt', {
    iss: node.id,
    htm: 'GET',
    htu: `${server.url}/api/nodes/self`,
  });
  expect(await (await callSelf(proof)).json()).toMatchObject({ id: node.id, name: 'North' });
  expect((await callSelf(proof)).status).toBe(401);
  expect(await self(node)).toBe(200);
  for (const [what, claims] of Object.entries({
    'another method': { htm: 'POST' },
    'another address': { htu: `${server.url}/api/me` },
    'another node': { iss: randomUUID() },
    'another audience': { aud: 'https://other.example' },
    'no id': { jti: undefined },
    'no end': { exp: undefined },
    'the past': { iat: seconds() - 900, exp: seconds() - 600 },
  } as Record<string, Claims>)) {
    expect([what, await self(node, claims)]).toEqual([what, 401]);
  }
  expect(await self(node, {}, 'isocenter-join+jwt')).toBe(401);
  expect(await self({ ...newNode(), id: node.id })).toBe(401);
  for (const text of ['x', 'a.b.c', '']) expect((await callSelf(text)).status).toBe(401);
});

test('[IAM-2] a node may do nothing but what is for nodes, and nothing once it is removed', async () => {
  const node = await joined();
  const proof = await sign(node, 'isocenter-node+jwt', { iss: node.id, htm: 'GET', htu: `${server.url}/api/people` });
  const answer = await fetch(new URL('/api/people', server.url), { headers: { authorization: `Node ${proof}` } });
  expect(answer.status).toBe(403);
  expect((await server.fetch(`/api/nodes/${node.id}`, { method: 'DELETE' })).status).toBe(204);
  expect(await self(node)).toBe(401);
});
