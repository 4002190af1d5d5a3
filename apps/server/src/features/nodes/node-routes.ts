import { createHash, randomUUID } from 'node:crypto';
import {
  createJoinToken,
  getNodeSelf,
  type JoinTokenId,
  joinNode,
  listNodes,
  NodeId,
  removeNode,
} from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../platform/database/database.ts';
import { type Addresses, endpoint, Problem } from '../../platform/http/index.ts';
import { signingKeys } from '../../platform/keys/index.ts';
import type { Log } from '../../platform/log.ts';
import { newSecret } from '../../platform/secret.ts';
import { actorOf, type Tracer } from '../../platform/tracer/index.ts';
import { addressSubject, type FailedAttempts } from '../accounts/index.ts';
import { verifyNodeProof } from './node-proof.ts';
import * as store from './node-store.ts';

export interface NodeParts {
  readonly database: Database;
  readonly addresses: Addresses;
  readonly attempts: FailedAttempts;
  readonly log: Log;
  readonly tracer: Tracer;
}

const JOIN_PROOF = 'isocenter-join+jwt';

/** Other nodes: how they join with a token that works once, and how they are let go. */
export function nodeRoutes(app: FastifyInstance, parts: NodeParts): void {
  const { database, log, tracer } = parts;
  const { db } = database;
  endpoint(app, listNodes, async () => ({ items: await store.selectNodes(db) }));
  endpoint(app, createJoinToken, async ({ body: { name, hours } }, { request }) => {
    const [id, token] = [randomUUID() as JoinTokenId, newSecret()];
    const expiresAt = await database.transaction(async (tx) => {
      await tracer.record(tx, { actor: actorOf(request.caller), action: 'node.invite' });
      return store.insertJoinToken(tx, { id, token, name, hours });
    });
    return { id, token, expiresAt: expiresAt.toISOString() };
  });
  endpoint(app, joinNode, ({ body }, { request }) => join(parts, body, request.ip));
  endpoint(app, getNodeSelf, async (_input, { request }) => {
    const node = await store.selectNode(db, NodeId.parse(request.caller.id));
    if (node === undefined) throw new Problem('not-found', { what: 'node' });
    return node;
  });
  endpoint(app, removeNode, async ({ params }, { request }) => {
    await database.transaction(async (tx) => {
      if (!(await store.deleteNode(tx, params.id))) throw new Problem('not-found', { what: 'node' });
      const objects = [{ kind: 'node' as const, id: params.id }];
      await tracer.record(tx, { actor: actorOf(request.caller), action: 'node.remove', objects });
    });
    log.info({ node: params.id }, 'a node was removed');
  });
}

/** The proof shows that whoever joins has the key: else someone could enrol the key of another. */
async function join(
  { database, addresses, attempts, log, tracer }: NodeParts,
  { token, publicKey, proof }: { token: string; publicKey: string; proof: string },
  address: string,
): Promise<{ id: NodeId; publicKey: string }> {
  await attempts.begin(addressSubject(address));
  const wanted = { publicKey, audience: addresses.base, type: JOIN_PROOF };
  const claims = await verifyNodeProof(proof, wanted);
  if (claims?.jti !== createHash('sha256').update(token).digest('base64url')) throw new Problem('invalid-credentials');
  const id = await database.transaction(async (tx) => {
    const name = await store.takeJoinToken(tx, token);
    if (name === undefined) throw new Problem('invalid-credentials');
    const made = randomUUID() as NodeId;
    if (!(await store.insertNode(tx, { id: made, name, publicKey })))
      throw new Problem('conflict', { reason: 'A node with this key has joined already.' });
    await tracer.record(tx, {
      actor: { kind: 'node', id: made, key: publicKey },
      action: 'node.join',
      objects: [{ kind: 'node', id: made }],
    });
    return made;
  });
  await attempts.succeeded(addressSubject(address));
  log.info({ node: id }, 'a node joined');
  const [{ privateJwk }] = await signingKeys(database, 'node', 'EdDSA');
  return { id, publicKey: String(privateJwk.x) };
}
