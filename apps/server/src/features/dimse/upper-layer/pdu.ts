/** Protocol data units of the upper layer (PS3.8 9.3). Numbers are big endian. */

export const PduType = {
  associateRequest: 0x01,
  associateAccept: 0x02,
  associateReject: 0x03,
  data: 0x04,
  releaseRequest: 0x05,
  releaseReply: 0x06,
  abort: 0x07,
} as const;

export interface Pdu {
  readonly type: number;
  /** What follows the header of six bytes. */
  readonly body: Buffer;
}

export const PDU_HEADER = 6;
/** Length, presentation context and message control header of a presentation data value (PS3.8 9.3.5.1). */
export const PDV_HEADER = 6;

export function encodePdu(type: number, body: Uint8Array): Buffer {
  const pdu = Buffer.alloc(PDU_HEADER + body.length);
  pdu.writeUInt8(type, 0);
  pdu.writeUInt32BE(body.length, 2);
  pdu.set(body, PDU_HEADER);
  return pdu;
}

/** Result, source and reason of A-ASSOCIATE-RJ (PS3.8 Table 9-21). */
export interface Rejection {
  readonly result: number;
  readonly source: number;
  readonly reason: number;
}

export const rejections = {
  applicationContextNotSupported: { result: 1, source: 1, reason: 2 },
  callingAeTitleNotRecognized: { result: 1, source: 1, reason: 3 },
  calledAeTitleNotRecognized: { result: 1, source: 1, reason: 7 },
  protocolVersionNotSupported: { result: 1, source: 2, reason: 2 },
  temporaryCongestion: { result: 2, source: 3, reason: 1 },
  localLimitExceeded: { result: 2, source: 3, reason: 2 },
} as const satisfies Record<string, Rejection>;

export const encodeReject = ({ result, source, reason }: Rejection): Buffer =>
  encodePdu(PduType.associateReject, Uint8Array.of(0, result, source, reason));

export const decodeReject = (body: Buffer): Rejection => ({
  result: body[1] ?? 0,
  source: body[2] ?? 0,
  reason: body[3] ?? 0,
});

/** Why we abort (PS3.8 Table 9-26): by our own will, or because the peer broke the protocol. */
export const abortReasons = {
  byUser: { source: 0, reason: 0 },
  unrecognizedPdu: { source: 2, reason: 1 },
  unexpectedPdu: { source: 2, reason: 2 },
  invalidPdu: { source: 2, reason: 6 },
} as const;

export type AbortReason = (typeof abortReasons)[keyof typeof abortReasons];

export const encodeAbort = ({ source, reason }: AbortReason): Buffer =>
  encodePdu(PduType.abort, Uint8Array.of(0, 0, source, reason));

export const encodeReleaseRequest = (): Buffer => encodePdu(PduType.releaseRequest, new Uint8Array(4));
export const encodeReleaseReply = (): Buffer => encodePdu(PduType.releaseReply, new Uint8Array(4));

/** A fragment of a command set or data set (PS3.8 9.3.5.1). */
export interface Pdv {
  readonly contextId: number;
  readonly isCommand: boolean;
  readonly isLast: boolean;
  readonly data: Buffer;
}

/** The fragments of a P-DATA-TF; undefined when their lengths lie. */
export function decodePdvs(body: Buffer): Pdv[] | undefined {
  const pdvs: Pdv[] = [];
  let at = 0;
  while (at < body.length) {
    if (body.length - at < PDV_HEADER) return undefined;
    const length = body.readUInt32BE(at);
    const end = at + 4 + length;
    if (length < 2 || end > body.length) return undefined;
    const control = body[at + 5]!;
    pdvs.push({
      contextId: body[at + 4]!,
      isCommand: (control & 1) !== 0,
      isLast: (control & 2) !== 0,
      data: body.subarray(at + PDV_HEADER, end),
    });
    at = end;
  }
  return pdvs;
}

/** What stands before the data of a P-DATA-TF with one fragment. */
export function encodePdvHeader(contextId: number, isCommand: boolean, isLast: boolean, length: number): Buffer {
  const header = Buffer.alloc(PDU_HEADER + PDV_HEADER);
  header.writeUInt8(PduType.data, 0);
  header.writeUInt32BE(PDV_HEADER + length, 2);
  header.writeUInt32BE(2 + length, PDU_HEADER);
  header.writeUInt8(contextId, PDU_HEADER + 4);
  header.writeUInt8((isCommand ? 1 : 0) | (isLast ? 2 : 0), PDU_HEADER + 5);
  return header;
}
