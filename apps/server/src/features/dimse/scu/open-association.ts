import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from '@isocenter/dicom';
import type { DimsePeer } from '../../../platform/config.ts';
import { DimseError } from '../dimse-error.ts';
import { acceptedContexts } from '../negotiate.ts';
import { decodeAssociateAccept, encodeAssociateRequest, type ProposedContext } from '../upper-layer/associate-pdu.ts';
import { Association, MAX_PDU_LENGTH } from '../upper-layer/association.ts';
import { Connection } from '../upper-layer/connection.ts';
import { abortReasons, decodeReject, encodeAbort, PduType, type Rejection } from '../upper-layer/pdu.ts';

export interface ScuOptions {
  /** How we call ourselves. */
  readonly callingAeTitle: string;
  /** How long the peer may be silent. Default: 30 s. */
  readonly timeoutMs?: number;
  /** Ends the exchange; the association is aborted. */
  readonly signal?: AbortSignal;
  /** DICOM over TLS (PS3.15 B.9). */
  readonly tls?: ConnectionOptions;
}

const TIMEOUT_MS = 30_000;

/** Connects to a peer and agrees on presentation contexts; their numbers are their places in `contexts`. */
export async function openAssociation(
  peer: DimsePeer,
  contexts: readonly Omit<ProposedContext, 'id'>[],
  options: ScuOptions,
): Promise<Association> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const connection = new Connection(await open(peer, timeoutMs, options));
  try {
    const proposed = contexts.map((context, i): ProposedContext => ({ ...context, id: contextId(i) }));
    const request = encodeAssociateRequest({
      calledAeTitle: peer.aeTitle,
      callingAeTitle: options.callingAeTitle,
      contexts: proposed,
      maxLength: MAX_PDU_LENGTH,
      implementationClassUid: IMPLEMENTATION_CLASS_UID,
      implementationVersionName: IMPLEMENTATION_VERSION_NAME,
    });
    await connection.write(timeoutMs, request);
    return await answered(connection, proposed, timeoutMs);
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Presentation contexts have odd numbers (PS3.8 9.3.2.2). */
export const contextId = (place: number): number => place * 2 + 1;
/** As many contexts as an association can have. */
export const MOST_CONTEXTS = 128;

async function open(peer: DimsePeer, timeoutMs: number, { tls, signal }: ScuOptions): Promise<Socket> {
  signal?.throwIfAborted();
  const { host, port } = peer;
  const socket = tls ? connectTls({ servername: host, ...tls, host, port }) : connect({ host, port });
  const patience = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', {
      signal: AbortSignal.any([patience, ...(signal ? [signal] : [])]),
    });
  } catch (cause) {
    socket.on('error', () => undefined).destroy();
    signal?.throwIfAborted();
    throw new DimseError('connect-failed', `${peer.aeTitle} can't be reached at ${host}:${port}`, { cause });
  }
  if (signal) {
    const onAbort = (): unknown => socket.destroy(new DimseError('aborted', 'The exchange was ended by us'));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', onAbort));
  }
  return socket;
}

async function answered(
  connection: Connection,
  proposed: readonly ProposedContext[],
  timeoutMs: number,
): Promise<Association> {
  const pdu = await connection.read(timeoutMs);
  if (!pdu) throw new DimseError('connection-lost', 'The peer closed the connection before it answered');
  if (pdu.type === PduType.associateReject) throw new DimseError('rejected', rejectionText(decodeReject(pdu.body)));
  if (pdu.type === PduType.abort) throw new DimseError('aborted', 'The peer aborted the association before it began');
  const accept = pdu.type === PduType.associateAccept ? decodeAssociateAccept(pdu.body) : undefined;
  if (!accept) {
    await connection.write(timeoutMs, encodeAbort(abortReasons.unexpectedPdu));
    throw new DimseError('protocol', 'The peer answered the association request with something else');
  }
  return new Association({
    connection,
    contexts: acceptedContexts(proposed, accept.contexts),
    peerMaxLength: accept.maxLength,
    timeoutMs,
  });
}

/** By source and reason (PS3.8 Table 9-21). */
const reasons: Readonly<Record<string, string>> = {
  '1/2': 'it does not know the application context',
  '1/3': 'it does not know our AE title',
  '1/7': 'it has another AE title',
  '2/2': 'it does not speak this version of the protocol',
  '3/1': 'it is busy',
  '3/2': 'it has too many associations',
};

const rejectionText = ({ result, source, reason }: Rejection): string =>
  `The peer rejected the association${result === 2 ? ' for now' : ''}: ${reasons[`${source}/${reason}`] ?? 'it gives no reason'}`;
