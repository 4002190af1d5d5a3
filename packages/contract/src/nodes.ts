import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { JoinTokenId, NodeId } from './ids.ts';
import { label } from './label.ts';

/** An Ed25519 public key: 32 bytes as base64url. */
export const NodePublicKey = z.string().regex(/^[\w-]{43}$/, 'is no Ed25519 public key (base64url)');

export const Node = z
  .object({
    id: NodeId,
    name: z.string(),
    publicKey: NodePublicKey,
    joinedAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Node' });
export type Node = z.infer<typeof Node>;

const tag = 'Nodes';

export const listNodes = defineEndpoint({
  name: 'listNodes',
  method: 'GET',
  path: '/api/nodes',
  action: 'node.read',
  summary: 'Other nodes that joined this one',
  tag,
  response: z.object({ items: z.array(Node) }),
});

export const createJoinToken = defineEndpoint({
  name: 'createJoinToken',
  method: 'POST',
  path: '/api/nodes/join-tokens',
  action: 'node.manage',
  summary: 'Let another node join: a token that works once',
  tag,
  body: z.strictObject({ name: label, hours: z.int().min(1).max(168).default(24) }),
  response: z.object({ id: JoinTokenId, token: z.string(), expiresAt: z.iso.datetime() }),
  status: 201,
});

export const joinNode = defineEndpoint({
  name: 'joinNode',
  method: 'POST',
  path: '/api/nodes/join',
  action: 'node.join',
  summary: 'Join as a node, with the token and a key of one’s own',
  description:
    'The proof is a JWT signed (EdDSA) with the key: `aud` this server’s address, `jti` the token’s SHA-256 as base64url, ' +
    '`exp` at most five minutes ahead.',
  tag,
  body: z.strictObject({ token: z.string().min(20).max(100), publicKey: NodePublicKey, proof: z.string().max(2000) }),
  response: z.object({ id: NodeId, publicKey: NodePublicKey.describe('Of the node that was joined') }),
  status: 201,
  errors: ['invalid-credentials', 'conflict', 'too-many-attempts'],
});

export const getNodeSelf = defineEndpoint({
  name: 'getNodeSelf',
  method: 'GET',
  path: '/api/nodes/self',
  action: 'node.call',
  summary: 'For a node that joined: who it is here',
  tag,
  response: Node,
});

export const removeNode = defineEndpoint({
  name: 'removeNode',
  method: 'DELETE',
  path: '/api/nodes/{id}',
  action: 'node.manage',
  summary: 'Let a node in no more',
  tag,
  params: z.strictObject({ id: NodeId }),
  errors: ['not-found'],
});
