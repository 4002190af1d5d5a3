import { CallerId, type Node, NodeId } from '@isocenter/contract';
import { decodeJwt } from 'jose';
import type { Database } from '../../platform/database/database.ts';
import { type Addresses, type Authenticator, type Caller, makeCaller, Problem } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log.ts';
import { useToken } from '../session/index.ts';
import { verifyNodeProof } from './node-proof.ts';
import { selectNode, updateNodeSeen } from './node-store.ts';

export const REQUEST_PROOF = 'isocenter-node+jwt';

/**
 * Knows other nodes by `Authorization: Node <JWT>`, signed with the key that they joined with: `iss` their id, `aud` our
 * address, `htm` and `htu` method and address of the request (as RFC 9449 has them). Each is accepted once.
 */
export function nodeAuthenticator(database: Database, addresses: Addresses, log: Log): Authenticator {
  return async (request) => {
    const [, proof] = /^Node +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
    if (proof === undefined) return undefined;
    const node = await issuerOf(database, proof);
    const audience = addresses.base;
    const claims = node && (await verifyNodeProof(proof, { publicKey: node.publicKey, audience, type: REQUEST_PROOF }));
    const path = request.url.split('?', 1)[0];
    const fits = claims?.htm === request.method && claims.htu === `${audience}${path}`;
    const { jti = '', exp = 0 } = claims ?? {};
    if (node === undefined || !fits || !(await useToken(database.db, `node ${node.id} ${jti}`, exp))) {
      log.warn({ node: node?.id }, 'the request of a node was refused');
      throw new Problem('invalid-credentials').withHeader('www-authenticate', 'Node');
    }
    await updateNodeSeen(database.db, node.id);
    return { caller: callerOf(node), means: 'bearer' };
  };
}

async function issuerOf({ db }: Database, proof: string): Promise<Node | undefined> {
  let issuer: unknown;
  try {
    issuer = decodeJwt(proof).iss;
  } catch {
    return undefined;
  }
  const id = NodeId.safeParse(issuer);
  return id.success ? selectNode(db, id.data) : undefined;
}

const callerOf = ({ id, name, publicKey }: Node): Caller =>
  makeCaller({
    id: CallerId.parse(id),
    name,
    kind: 'node',
    key: publicKey,
    holdings: [{ role: 'node', project: null, site: null }],
  });
