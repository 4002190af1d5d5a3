import { encodePdu, PduType } from './pdu.ts';

/** Proposed by the requestor: what may be exchanged, and in which transfer syntaxes. */
export interface ProposedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  /** In the order of the proposal. */
  readonly transferSyntaxes: readonly string[];
}

/** Result/Reason of a presentation context (PS3.8 Table 9-18). */
export const ContextResult = {
  acceptance: 0,
  userRejection: 1,
  noReason: 2,
  abstractSyntaxNotSupported: 3,
  transferSyntaxesNotSupported: 4,
} as const;

export interface AnsweredContext {
  readonly id: number;
  readonly result: number;
  /** Not significant unless accepted. */
  readonly transferSyntax: string;
}

interface Associate {
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly applicationContext: string;
  /** The most bytes of a P-DATA-TF after its header that the sender of this takes; 0: any number. */
  readonly maxLength: number;
  readonly implementationClassUid: string;
  readonly implementationVersionName: string;
}

export interface AssociateRequest extends Associate {
  readonly protocolVersion: number;
  readonly contexts: readonly ProposedContext[];
}

export interface AssociateAccept extends Associate {
  readonly contexts: readonly AnsweredContext[];
}

export const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';

/** Item types (PS3.8 9.3.2, 9.3.3; PS3.7 D.3.3). */
const Item = {
  applicationContext: 0x10,
  proposedContext: 0x20,
  answeredContext: 0x21,
  abstractSyntax: 0x30,
  transferSyntax: 0x40,
  userInformation: 0x50,
  maxLength: 0x51,
  implementationClassUid: 0x52,
  implementationVersionName: 0x55,
} as const;

/** Version, two reserved bytes, two AE titles, 32 reserved bytes. */
const FIXED = 68;
const AE_TITLE = 16;

export function encodeAssociateRequest(
  request: Omit<AssociateRequest, 'protocolVersion' | 'applicationContext'>,
): Buffer {
  const contexts = request.contexts.map(({ id, abstractSyntax, transferSyntaxes }) =>
    item(
      Item.proposedContext,
      Uint8Array.of(id, 0, 0, 0),
      text(Item.abstractSyntax, abstractSyntax),
      ...transferSyntaxes.map((uid) => text(Item.transferSyntax, uid)),
    ),
  );
  return encodePdu(PduType.associateRequest, associate(request, contexts));
}

export function encodeAssociateAccept(accept: Omit<AssociateAccept, 'applicationContext'>): Buffer {
  const contexts = accept.contexts.map(({ id, result, transferSyntax }) =>
    item(Item.answeredContext, Uint8Array.of(id, 0, result, 0), text(Item.transferSyntax, transferSyntax)),
  );
  return encodePdu(PduType.associateAccept, associate(accept, contexts));
}

function associate(from: Omit<Associate, 'applicationContext'>, contexts: readonly Buffer[]): Buffer {
  const fixed = Buffer.alloc(FIXED);
  fixed.writeUInt16BE(1, 0);
  fixed.write(from.calledAeTitle.padEnd(AE_TITLE), 4, AE_TITLE, 'latin1');
  fixed.write(from.callingAeTitle.padEnd(AE_TITLE), 4 + AE_TITLE, AE_TITLE, 'latin1');
  const maxLength = Buffer.alloc(4);
  maxLength.writeUInt32BE(from.maxLength);
  const user = item(
    Item.userInformation,
    item(Item.maxLength, maxLength),
    text(Item.implementationClassUid, from.implementationClassUid),
    text(Item.implementationVersionName, from.implementationVersionName),
  );
  return Buffer.concat([fixed, text(Item.applicationContext, APPLICATION_CONTEXT), ...contexts, user]);
}

function item(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(4);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}

const text = (type: number, value: string): Buffer => item(type, Buffer.from(value, 'latin1'));

/** Undefined when it makes no sense. */
export function decodeAssociateRequest(body: Buffer): AssociateRequest | undefined {
  const decoded = decodeAssociate(body);
  if (!decoded) return undefined;
  const contexts: ProposedContext[] = [];
  for (const context of decoded.items.filter(({ type }) => type === Item.proposedContext)) {
    const inner = context.value.length >= 4 ? itemsOf(context.value.subarray(4)) : undefined;
    if (!inner) return undefined;
    contexts.push({
      id: context.value[0]!,
      abstractSyntax: first(inner, Item.abstractSyntax),
      transferSyntaxes: inner.filter(({ type }) => type === Item.transferSyntax).map(({ value }) => textOf(value)),
    });
  }
  return { ...decoded.associate, protocolVersion: body.readUInt16BE(0), contexts };
}

/** Undefined when it makes no sense. */
export function decodeAssociateAccept(body: Buffer): AssociateAccept | undefined {
  const decoded = decodeAssociate(body);
  if (!decoded) return undefined;
  const contexts: AnsweredContext[] = [];
  for (const context of decoded.items.filter(({ type }) => type === Item.answeredContext)) {
    const inner = context.value.length >= 4 ? itemsOf(context.value.subarray(4)) : undefined;
    if (!inner) return undefined;
    const [id, , result] = context.value;
    contexts.push({ id: id!, result: result!, transferSyntax: first(inner, Item.transferSyntax) });
  }
  return { ...decoded.associate, contexts };
}

interface DecodedItem {
  readonly type: number;
  readonly value: Buffer;
}

function decodeAssociate(body: Buffer): { associate: Associate; items: readonly DecodedItem[] } | undefined {
  const items = body.length >= FIXED ? itemsOf(body.subarray(FIXED)) : undefined;
  const user = items && itemsOf(items.find(({ type }) => type === Item.userInformation)?.value ?? Buffer.alloc(0));
  if (!items || !user) return undefined;
  const maxLength = user.find(({ type }) => type === Item.maxLength)?.value;
  const associate: Associate = {
    calledAeTitle: textOf(body.subarray(4, 4 + AE_TITLE)),
    callingAeTitle: textOf(body.subarray(4 + AE_TITLE, 4 + 2 * AE_TITLE)),
    applicationContext: first(items, Item.applicationContext),
    maxLength: maxLength?.length === 4 ? maxLength.readUInt32BE(0) : 0,
    implementationClassUid: first(user, Item.implementationClassUid),
    implementationVersionName: first(user, Item.implementationVersionName),
  };
  return { associate, items };
}

function itemsOf(bytes: Buffer): DecodedItem[] | undefined {
  const items: DecodedItem[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < 4) return undefined;
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return undefined;
    items.push({ type: bytes[at]!, value: bytes.subarray(at + 4, end) });
    at = end;
  }
  return items;
}

const first = (items: readonly DecodedItem[], type: number): string =>
  textOf(items.find((found) => found.type === type)?.value ?? Buffer.alloc(0));

/** UIDs and AE titles are padded by NUL or blanks, which mean nothing. */
function textOf(value: Buffer): string {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0 || value[end - 1] === 0x20)) end--;
  return value.subarray(0, end).toString('latin1').trimStart();
}
