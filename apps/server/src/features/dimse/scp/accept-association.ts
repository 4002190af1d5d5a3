import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from '@isocenter/dicom';
import type { AllowedPeers } from '../allowed-peers.ts';
import { DimseError } from '../dimse-error.ts';
import { acceptedContexts, answerContexts } from '../negotiate.ts';
import {
  APPLICATION_CONTEXT,
  type AssociateRequest,
  decodeAssociateRequest,
  encodeAssociateAccept,
} from '../upper-layer/associate-pdu.ts';
import { Association, MAX_PDU_LENGTH } from '../upper-layer/association.ts';
import type { Connection } from '../upper-layer/connection.ts';
import { abortReasons, encodeAbort, encodeReject, PduType, rejections } from '../upper-layer/pdu.ts';

export interface Acceptance {
  readonly aeTitle: string;
  readonly peers: AllowedPeers;
  /** Why no more associations can be had now. */
  readonly busy: () => 'temporaryCongestion' | 'localLimitExceeded' | undefined;
  /** How long a peer may take to ask for an association (ARTIM, PS3.8 9.1.5), and to be silent within an exchange. */
  readonly timeoutMs: number;
}

export type Accepted =
  | { readonly ok: true; readonly association: Association; readonly callingAeTitle: string }
  /** `callingAeTitle` is what the peer says, whoever it is. */
  | { readonly ok: false; readonly why: string; readonly callingAeTitle: string };

/** Answers a peer that has connected: waits for its A-ASSOCIATE-RQ and accepts or rejects it (PS3.8 7.1). */
export async function acceptAssociation(connection: Connection, on: Acceptance): Promise<Accepted | undefined> {
  const pdu = await connection.read(on.timeoutMs);
  // Load balancers look whether someone listens, and go.
  if (!pdu) return undefined;
  const request = pdu.type === PduType.associateRequest ? decodeAssociateRequest(pdu.body) : undefined;
  if (!request) {
    const reason = pdu.type === PduType.associateRequest ? abortReasons.invalidPdu : abortReasons.unexpectedPdu;
    await connection.write(on.timeoutMs, encodeAbort(reason));
    await connection.close(on.timeoutMs);
    throw new DimseError('protocol', 'The peer did not begin with an association request');
  }
  const { callingAeTitle } = request;
  const refusal = await refuse(request, connection.remoteAddress, on);
  if (refusal) {
    await connection.write(on.timeoutMs, encodeReject(rejections[refusal]));
    await connection.close(on.timeoutMs);
    return { ok: false, why: refusal, callingAeTitle };
  }
  return { ok: true, association: await accept(connection, request, on), callingAeTitle };
}

async function accept(connection: Connection, request: AssociateRequest, on: Acceptance): Promise<Association> {
  const contexts = answerContexts(request.contexts);
  const answer = encodeAssociateAccept({
    calledAeTitle: request.calledAeTitle,
    callingAeTitle: request.callingAeTitle,
    contexts,
    maxLength: MAX_PDU_LENGTH,
    implementationClassUid: IMPLEMENTATION_CLASS_UID,
    implementationVersionName: IMPLEMENTATION_VERSION_NAME,
  });
  await connection.write(on.timeoutMs, answer);
  return new Association({
    connection,
    contexts: acceptedContexts(request.contexts, contexts),
    peerMaxLength: request.maxLength,
    timeoutMs: on.timeoutMs,
  });
}

async function refuse(
  request: AssociateRequest,
  remoteAddress: string,
  { aeTitle, peers, busy }: Acceptance,
): Promise<keyof typeof rejections | undefined> {
  if ((request.protocolVersion & 1) === 0) return 'protocolVersionNotSupported';
  if (request.applicationContext !== APPLICATION_CONTEXT) return 'applicationContextNotSupported';
  // First the caller, so that strangers learn nothing of our own title.
  if (await peers.refusal(request.callingAeTitle, remoteAddress)) return 'callingAeTitleNotRecognized';
  if (request.calledAeTitle !== aeTitle) return 'calledAeTitleNotRecognized';
  return busy();
}
